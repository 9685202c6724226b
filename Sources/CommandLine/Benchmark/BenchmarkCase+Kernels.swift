import Aviary

extension BenchmarkCase {
  /// Matrix products: square ones, and those of two networks' forward pass, weight gradient and input gradient.
  static var products: [BenchmarkCase] {
    let squares = [64, 128, 256, 512, 1024, 2048].map { product("\($0)", $0, $0, $0) }
    return squares + [
      product("skinny-fonts-nn", 100, 128, 1296),
      product("skinny-fonts-tn", 1296, 128, 100, transposingLeft: true),
      product("skinny-fonts-nt", 100, 1296, 128, transposingRight: true),
      product("skinny-mnist-nn", 128, 512, 784),
      product("skinny-mnist-tn", 784, 512, 128, transposingLeft: true),
      product("skinny-mnist-nt", 128, 784, 512, transposingRight: true),
    ]
  }

  /// C = op(A)·op(B), of shape [m, n], summed over k.
  private static func product(
    _ name: String, _ m: Int, _ n: Int, _ k: Int, transposingLeft: Bool = false, transposingRight: Bool = false
  ) -> BenchmarkCase {
    let work = 2e-9 * Double(m) * Double(n) * Double(k)
    return BenchmarkCase(
      name: "gemm-\(name)", group: .kernels, quantity: BenchmarkQuantity(metric: "rate", unit: "GFLOP/s", amount: work)
    ) {
      let random = RandomSource(seed: 1)
      let a = random["a"].normal(transposingLeft ? [k, m] : [m, k])
      let b = random["b"].normal(transposingRight ? [n, k] : [k, n])
      return { _ = a.matmul(b, transposingSelf: transposingLeft, transposingRight: transposingRight) }
    }
  }

  /// Passes over memory, and the overhead of an operation.
  static var kernels: [BenchmarkCase] {
    [
      BenchmarkCase(name: "eltwise-relu", group: .kernels, quantity: bandwidth(elements: 10_000_000)) {
        let x = RandomSource(seed: 1).normal([10_000_000])
        var y = Tensor.zeros([10_000_000])
        return {
          Tensor.update(&y, reading: x) { y, x in y = (x * 1.5 + 0.5).clamped(to: 0...Double.infinity) }
        }
      },
      BenchmarkCase(name: "eltwise-softmax", group: .kernels, quantity: bandwidth(elements: 1_000_000)) {
        let x = RandomSource(seed: 1).normal([1000, 1000])
        return { _ = x.softmax() }
      },
      BenchmarkCase(name: "op-add", group: .kernels, quantity: overhead(operations: 1)) {
        let x = RandomSource(seed: 1).normal([16])
        return { _ = x + x }
      },
      BenchmarkCase(name: "op-grad", group: .kernels, quantity: overhead(operations: 20)) {
        let x = Variable(tracking: Tensor(repeating: 1, shape: []))
        return {
          var y = x
          for _ in 0..<10 { y = y * 1.01 + 0.5 }
          _ = try y.gradients(withRespectTo: [x])
        }
      },
    ]
  }

  /// Layers forward and backward, on a batch of 28×28 images with 64 channels, or of sequences.
  static var layers: [BenchmarkCase] {
    let images: Shape = [32, 28, 28, 64]
    return [
      layer("layer-norm", [4096, 128], [[128], [128]]) { operands in
        let rows = operands[0].expandingDimension(at: 1)
        return Variable.apply(GroupNormalization(epsilon: 1e-5), to: [rows, operands[1], operands[2]])[0]
      },
      layer("group-norm", images, [[64], [64]]) { operands in
        let rows = operands[0].reshaped(to: [32, 784, 64])
        return Variable.apply(GroupNormalization(groups: 8, epsilon: 1e-5), to: [rows, operands[1], operands[2]])[0]
      },
      layer("depthwise-conv2d", images, [[3, 3, 64, 1]]) {
        $0[0].depthwiseConvolved2D(filters: $0[1], padding: .same)
      },
      layer("average-pool2d", images, []) {
        $0[0].averagePooled2D(Window2D(height: 2, width: 2, strides: (2, 2)))
      },
    ]
  }

  /// A function of an input and parameters, with the derivatives of all of them.
  private static func layer(
    _ name: String, _ input: Shape, _ parameters: [Shape], _ function: @escaping @Sendable ([Variable]) -> Variable
  ) -> BenchmarkCase {
    BenchmarkCase(
      name: "layer-\(name)", group: .kernels,
      quantity: BenchmarkQuantity(metric: "time", unit: "ms", amount: 1e3, isRate: false)
    ) {
      let random = RandomSource(seed: 1)
      let operands = ([input] + parameters).enumerated().map {
        Variable(tracking: random["operand \($0.offset)"].normal($0.element))
      }
      let cotangent = Variable(random["cotangent"].normal(function(operands).shape))
      return { _ = try function(operands).gradients(withRespectTo: operands, cotangent: cotangent) }
    }
  }

  /// Each element, of four bytes, is read once and written once.
  private static func bandwidth(elements: Int) -> BenchmarkQuantity {
    BenchmarkQuantity(metric: "bandwidth", unit: "GB/s", amount: 8e-9 * Double(elements))
  }

  private static func overhead(operations: Int) -> BenchmarkQuantity {
    BenchmarkQuantity(metric: "overhead", unit: "ns/op", amount: 1e9 / Double(operations), isRate: false)
  }
}
