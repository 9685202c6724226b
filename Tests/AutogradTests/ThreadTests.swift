import AviaryAutograd
import AviaryCore
import AviaryTestSupport
import Testing

/// The bits of values and gradients do not depend on the number of threads.
@Suite("Threads")
struct ThreadTests {
  private func normal(_ shape: Shape, _ purpose: String) -> Tensor { RandomSource(seed: 5)[purpose].normal(shape) }

  /// Large enough that the kernels share the work.
  private func results() throws -> [Tensor] {
    let points = [
      normal([96, 1024], "x"), normal([1024, 384], "w"), normal([384], "b"), normal([8, 36, 36, 4], "images"),
      normal([5, 5, 4, 16], "filters"),
    ]
    let (value, gradients) = try valueAndGradients(at: points) { v in
      let hidden = v[0].affine(weight: v[1], bias: v[2], activation: .sigmoid)
      let dense = (hidden.exp() * hidden + 0.5).log().softmax().square().sum()
      let window = Window2D(height: 2, width: 2, strides: (2, 2))
      let pooled = v[3].convolved2D(filters: v[4], padding: .same, activation: .tanh).maxPooled2D(window)
      return dense + pooled.reshaped(to: [8, -1]).logSumExp(axes: [1]).mean() + (v[0].transposed() * 2).variance()
    }
    return [value] + gradients
  }

  /// The operations of image layers, on one image and on many.
  private func resultsOfImages(_ rows: Int) throws -> [Tensor] {
    let points = [
      normal([rows, 64, 96, 20], "x"), normal([20], "scale"), normal([20], "shift"), normal([3, 3, 20, 1], "filters"),
    ]
    let positions = Tensor((0..<500).map { $0 * 37 % 64 })
    let (value, gradients) = try valueAndGradients(at: points) { v in
      let operands = [v[0].reshaped(to: [rows, 64 * 96, 20]), v[1], v[2]]
      let normal = Variable.apply(GroupNormalization(groups: 5, epsilon: 1e-5), to: operands)[0].square().sum()
      let filtered = v[0].depthwiseConvolved2D(filters: v[3], padding: .same).averagePooled2D(
        Window2D(height: 3, width: 2, strides: (2, 1)))
      return normal + filtered.square().sum() + v[0].gather(Variable(positions), axis: 1).square().sum()
    }
    return [value] + gradients
  }

  @Test("one, two and three give the same bits")
  func sameBitsForAnyNumber() throws {
    defer { setThreads(nil) }
    func all() throws -> [Tensor] { try results() + resultsOfImages(1) + resultsOfImages(9) }
    setThreads(1)
    let expected = try all()
    for count in [2, 3] {
      setThreads(count)
      for (index, pair) in zip(try all(), expected).enumerated() {
        #expect(sameBits(pair.0, pair.1), "result \(index) with \(count) threads")
      }
    }
  }
}
