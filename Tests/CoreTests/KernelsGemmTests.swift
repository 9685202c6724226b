import AviaryKernels
import Testing

/// One product: its shape, its storage, and the use of its result.
private struct Product: CustomStringConvertible {
  var m: Int, n: Int, k: Int
  var transposeA = false, transposeB = false
  var padding = 0
  var accumulate = false, bias = false
  var activation = AVIARY_IDENTITY

  var description: String {
    "\(m)×\(n)×\(k)\(transposeA ? " Aᵀ" : "")\(transposeB ? " Bᵀ" : "") padding \(padding) accumulate \(accumulate)"
      + " bias \(bias) activation \(activation.rawValue)"
  }

  var lda: Int { (transposeA ? m : k) + padding }
  var ldb: Int { (transposeB ? k : n) + padding }
  var ldc: Int { n + padding }

  func operands<S: DenseScalar>(_: S.Type) -> (a: [S], b: [S], c: [S], bias: [S]) {
    (
      testNumbers((transposeA ? k : m) * lda + 1, seed: 1), testNumbers((transposeB ? n : k) * ldb + 1, seed: 2),
      testNumbers(m * ldc + 1, seed: 3), testNumbers(n + 1, seed: 4)
    )
  }

  func run<S: DenseScalar>(_: S.Type) -> [S] {
    var (a, b, c, biases) = operands(S.self)
    biases.withUnsafeMutableBufferPointer { biases in
      var options = aviary_gemm_options()
      options.accumulate = accumulate
      options.activation = activation
      options.slope = 0.25
      options.bias = bias ? UnsafeRawPointer(biases.baseAddress) : nil
      a.withUnsafeMutableBufferPointer { a in
        b.withUnsafeMutableBufferPointer { b in
          S.gemm(transposeA, transposeB, m, n, k, a.baseAddress!, lda, b.baseAddress!, ldb, &c, ldc, &options)
        }
      }
    }
    return c
  }

  /// The largest error in units of the tolerance, and whether anything between the rows was touched.
  func check<S: DenseScalar>(_ result: [S]) -> (error: Double, intact: Bool) {
    let (a, b, c, biases) = operands(S.self)
    var worst = 0.0
    var intact = true
    for i in 0..<m {
      for j in 0..<n {
        var sum = 0.0
        var magnitude = 1.0
        for p in 0..<k {
          let term =
            Double(transposeA ? a[p * lda + i] : a[i * lda + p]) * Double(transposeB ? b[j * ldb + p] : b[p * ldb + j])
          sum += term
          magnitude += abs(term)
        }
        if accumulate { sum += Double(c[i * ldc + j]) }
        if bias { sum += Double(biases[j]) }
        let wanted = activated(activation, slope: 0.25, sum)
        worst = max(worst, abs(Double(result[i * ldc + j]) - wanted) / (magnitude * S.tolerance))
      }
      for j in n..<ldc where result[i * ldc + j] != c[i * ldc + j] { intact = false }
    }
    return (worst, intact && result[m * ldc] == c[m * ldc])
  }
}

private let sizes = [0, 1, 2, 3, 5, 13, 14, 15, 16, 17, 31, 32, 33, 100]

/// Shapes that reach every path through the kernels: thin, narrow, dot products, packed and not, several blocks.
private let shapes: [(Int, Int, Int)] = {
  var shapes: [(Int, Int, Int)] = []
  for m in sizes { for n in sizes { shapes.append((m, n, [0, 1, 7, 33][(m + n) % 4])) } }
  shapes += [(1, 300, 70), (3, 129, 515), (6, 65, 40), (100, 5, 130), (131, 10, 64), (40, 9, 600), (200, 64, 530)]
  shapes += [(32, 77, 90), (33, 77, 90), (150, 140, 1030), (16, 16, 16), (64, 64, 64), (259, 37, 3)]
  return shapes
}()

@Suite struct KernelsGemmTests {
  @Test(arguments: [false, true], [false, true])
  func everyShapeAgreesWithTheDefinition(transposeA: Bool, transposeB: Bool) {
    for isa in availableInstructionSets {
      for (index, shape) in shapes.enumerated() {
        var product = Product(m: shape.0, n: shape.1, k: shape.2, transposeA: transposeA, transposeB: transposeB)
        product.padding = index % 3
        product.accumulate = index % 2 == 1
        product.bias = index % 5 < 2
        product.activation = aviary_activation(rawValue: UInt8(index % 7 < 5 ? index % 7 : 0))
        let (single, double) = withInstructionSet(isa) {
          (product.check(product.run(Float.self)), product.check(product.run(Double.self)))
        }
        #expect(single.error <= 1 && single.intact, "float32, instruction set \(isa.rawValue), \(product)")
        #expect(double.error <= 1 && double.intact, "float64, instruction set \(isa.rawValue), \(product)")
      }
    }
  }

  @Test(arguments: [(1, 1), (1, 3), (3, 1), (2, 8), (1, 20), (20, 1), (16, 16)])
  func longSumsAreAddedPairwise(m: Int, n: Int) {
    // Positive terms, whose float32 sum in order would lose two digits.
    let k = 1 << 20
    let a = (testNumbers(m * k, seed: 10) as [Float]).map { abs($0) }
    let b = (testNumbers(k * n, seed: 11) as [Float]).map { abs($0) }
    for (transposeA, transposeB) in [(false, false), (true, false), (false, true), (true, true)] {
      var c = [Float](repeating: 0, count: m * n)
      aviary_gemm_f32(
        transposeA, transposeB, m, n, k, a, transposeA ? m : k, b, transposeB ? k : n, &c, n, nil)
      for (i, j) in [(0, 0), (m - 1, n - 1), (m / 2, n / 2)] {
        var sum = 0.0
        for p in 0..<k {
          sum += Double(a[transposeA ? p * m + i : i * k + p]) * Double(b[transposeB ? j * k + p : p * n + j])
        }
        #expect(abs(Double(c[i * n + j]) / sum - 1) < 4e-7, "\(transposeA) \(transposeB)")
      }
    }
  }

  @Test func batchesGiveTheSameBitsAsSingleProducts() {
    let (batch, m, n, k) = (9, 40, 50, 60)
    let a: [Float] = testNumbers(batch * m * k, seed: 5)
    let b: [Float] = testNumbers(k * n, seed: 6)
    var together = [Float](repeating: 0, count: batch * m * n)
    aviary_gemm_batched_f32(batch, false, false, m, n, k, a, k, m * k, b, n, 0, &together, n, m * n, nil)
    for i in 0..<batch {
      var alone = [Float](repeating: 0, count: m * n)
      Array(a[i * m * k..<(i + 1) * m * k]).withUnsafeBufferPointer {
        aviary_gemm_f32(false, false, m, n, k, $0.baseAddress!, k, b, n, &alone, n, nil)
      }
      #expect(alone.map(\.bitPattern) == together[i * m * n..<(i + 1) * m * n].map(\.bitPattern))
    }
  }

  @Test func integersWrapAround() {
    let a: [Int32] = [Int32.max, 2, -3, 4]
    let b: [Int32] = [2, 1, 5, -7]
    var c: [Int32] = [10, 20, 30, 40]
    aviary_gemm_i32(false, true, 2, 2, 2, a, 2, b, 2, &c, 2, true)
    // (2³¹ − 1)·2 + 2 wraps to 0, and 20 + (2³¹ − 1)·5 − 14 to −2³¹ + 1.
    let wanted: [Int32] = [10, Int32.min + 1, 30 - 6 + 4, 40 - 15 - 28]
    #expect(c == wanted)
    let wide: [Int64] = [Int64.max, 3]
    var sum: [Int64] = [5]
    aviary_gemm_i64(true, false, 1, 1, 2, wide, 1, [2, 1], 1, &sum, 1, false)
    #expect(sum == [-2 + 3])
  }

  @Test func derivativesOfActivationsComeFromTheirOutputs() {
    let x: [Double] = testNumbers(1000, seed: 7)
    let dy: [Double] = testNumbers(1000, seed: 8)
    for isa in availableInstructionSets {
      for raw in UInt8(0)..<5 {
        let activation = aviary_activation(rawValue: raw)
        let y = x.map { activated(activation, slope: 0.25, 3 * $0) }
        var dx = [Double](repeating: 0, count: 1000)
        withInstructionSet(isa) { aviary_activation_backward_f64(activation, 0.25, 1000, y, dy, &dx) }
        for i in 0..<1000 where abs(x[i]) > 1e-4 {
          let step = 1e-6
          let above = activated(activation, slope: 0.25, 3 * x[i] + step)
          let below = activated(activation, slope: 0.25, 3 * x[i] - step)
          #expect(abs(dx[i] - dy[i] * (above - below) / (2 * step)) < 1e-8, "activation \(raw), x = \(3 * x[i])")
        }
      }
    }
  }
}
