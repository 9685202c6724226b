import AviaryKernels
import Foundation
import Testing

@Suite struct KernelsElementwiseTests {
  static let lengths = [0, 1, 3, 7, 15, 16, 17, 63, 64, 65, 1000]

  static let functions: [(aviary_unary_op, bound: Double, @Sendable (Double) -> Double)] = [
    (AVIARY_UNARY_NEGATE, 0, { -$0 }),
    (AVIARY_UNARY_ABS, 0, { abs($0) }),
    (AVIARY_UNARY_SIGN, 0, { $0 > 0 ? 1 : $0 < 0 ? -1 : $0 }),
    (AVIARY_UNARY_RECIPROCAL, 0.51, { 1 / $0 }),
    (AVIARY_UNARY_SQUARE, 0.51, { $0 * $0 }),
    (AVIARY_UNARY_ROUND, 0, { $0.rounded(.toNearestOrEven) }),
    (AVIARY_UNARY_FLOOR, 0, { $0.rounded(.down) }),
    (AVIARY_UNARY_CEIL, 0, { $0.rounded(.up) }),
    (AVIARY_UNARY_SQRT, 0.51, { $0.squareRoot() }),
    (AVIARY_UNARY_RSQRT, 1.6, { 1 / $0.squareRoot() }),
    (AVIARY_UNARY_EXP, 2, { exp($0) }),
    (AVIARY_UNARY_EXPM1, 3, { expm1($0) }),
    (AVIARY_UNARY_LOG, 2, { log($0) }),
    (AVIARY_UNARY_LOG1P, 3, { log1p($0) }),
    (AVIARY_UNARY_SIN, 1, { sin($0) }),
    (AVIARY_UNARY_COS, 1, { cos($0) }),
    (AVIARY_UNARY_TANH, 3, { tanh($0) }),
    (AVIARY_UNARY_SIGMOID, 3, { 1 / (1 + exp(-$0)) }),
    (AVIARY_UNARY_RELU, 0, { $0 < 0 ? 0 : $0 }),
    (AVIARY_UNARY_LEAKY_RELU, 0.51, { $0 > 0 ? $0 : 0.25 * $0 }),
    (AVIARY_UNARY_SOFTPLUS, 3, { max($0, 0) + log1p(exp(-abs($0))) }),
    (AVIARY_UNARY_LOG_SIGMOID, 3, { min($0, 0) - log1p(exp(-abs($0))) }),
    (AVIARY_UNARY_STEP, 0, { $0 >= 0 ? 1 : 0 }),
    (AVIARY_UNARY_ERF, 1, { erf($0) }),
  ]

  static let special: [Double] = [
    0, -0.0, 1, -1, 0.5, -0.5, 1.5, 2.5, -2.5, .infinity, -.infinity, .nan, 1e-30, -1e-30,
  ]

  func checkUnary<Scalar: VectorScalar>(_ scalar: Scalar.Type) {
    forEachInstructionSet { isa in
      for (op, bound, function) in Self.functions {
        var worst = 0.0
        for n in Self.lengths {
          let scale = n % 2 == 0 ? 4.0 : 60.0
          var x: [Scalar] = numbers(n, seed: UInt64(n + 1), scale: scale)
          for (i, value) in Self.special.enumerated() where n >= 63 { x[i] = Scalar(value) }
          let y = filled(n + 1, with: Scalar(7)) { expectDone(aviary_unary(op, Scalar.type, n, x, $0, 0.25)) }
          for i in 0..<n {
            let exact = function(Double(x[i]))
            // NaN's treatment by `max` in the definition of softplus is not the kernel's.
            if Double(x[i]).isNaN && op != AVIARY_UNARY_STEP {
              #expect(y[i].isNaN, "\(isa) \(op) of NaN")
              continue
            }
            worst = max(worst, ulps(y[i], exact))
          }
          #expect(y[n] == 7, "\(isa) \(op) wrote beyond the end")
        }
        #expect(worst <= bound, "\(isa) \(Scalar.self) \(op): \(worst) ulps")
      }
    }
  }

  @Test func floatFunctions() { checkUnary(Float.self) }
  @Test func doubleFunctions() { checkUnary(Double.self) }

  @Test func sineOfLargeArguments() {
    let x: [Float] = [1e5, -3e5, 9.9e5, 1e6, 2e7, 1e20, -3.4e38, 5]
    forEachInstructionSet { isa in
      let y = filled(8, with: Float(0)) { expectDone(aviary_unary(AVIARY_UNARY_SIN, AVIARY_FLOAT32, 8, x, $0, 0)) }
      for i in 0..<8 { #expect(ulps(y[i], sin(Double(x[i]))) <= 1, "\(isa) sin(\(x[i]))") }
    }
  }

  /// Φ and φ by mpmath with 40 digits.
  static let normalDistribution: [(x: Double, cdf: Double, density: Double)] = [
    (-37.5, 4.60535300958195484e-308, 1.72823373228410522e-306),
    (-26, 2.47606331550338929e-149, 6.44725997139785221e-148),
    (-12.25, 8.39979606363341766e-35, 1.03574350962083501e-33),
    (-8, 6.22096057427178412e-16, 5.05227108353689229e-15),
    (-5.5, 1.89895624658877194e-8, 1.07697600425432764e-7),
    (-2.75, 2.97976323505455675e-3, 9.09356250159105277e-3),
    (-1, 0.158655253931457051, 0.24197072451914335), (-0.5, 0.308537538725986896, 0.352065326764299478),
    (0, 0.5, 0.398942280401432678), (0.5, 0.691462461274013104, 0.352065326764299478),
    (1, 0.841344746068542949, 0.24197072451914335), (3, 0.998650101968369905, 4.43184841193800718e-3),
    (8, 0.999999999999999378, 5.05227108353689229e-15), (20, 1, 5.52094836215976319e-88),
  ]

  func checkNormalDistribution<Scalar: VectorScalar>(_ scalar: Scalar.Type) {
    let x = Self.normalDistribution.map { Scalar($0.x) } + [.infinity, -.infinity, .nan]
    forEachInstructionSet { isa in
      let cdf = filled(x.count, with: Scalar(7)) {
        expectDone(aviary_unary(AVIARY_UNARY_NORMAL_CDF, Scalar.type, x.count, x, $0, 0))
      }
      let density = filled(x.count, with: Scalar(7)) {
        expectDone(aviary_unary(AVIARY_UNARY_NORMAL_DENSITY, Scalar.type, x.count, x, $0, 0))
      }
      for (i, expected) in Self.normalDistribution.enumerated() {
        #expect(ulps(cdf[i], expected.cdf) <= 4, "\(isa) Φ(\(x[i])): \(ulps(cdf[i], expected.cdf)) ulps")
        // Without fused multiply-adds the square is rounded.
        let bound = isa == "baseline" && Scalar.self == Double.self ? 400.0 : 3
        #expect(ulps(density[i], expected.density) <= bound, "\(isa) φ(\(x[i]))")
      }
      #expect(cdf.suffix(3).map { $0.isNaN ? -1 : $0 } == [1, 0, -1], "\(isa)")
      #expect(density.suffix(3).map { $0.isNaN ? -1 : $0 } == [0, 0, -1], "\(isa)")
    }
  }

  @Test func normalDistributionFloat() {
    checkNormalDistribution(Float.self)
    let x: [Float] = numbers(40000, seed: 17, scale: 15)
    forEachInstructionSet { isa in
      let y = filled(x.count, with: Float(7)) {
        expectDone(aviary_unary(AVIARY_UNARY_NORMAL_CDF, AVIARY_FLOAT32, x.count, x, $0, 0))
      }
      let worst = zip(x, y).map { ulps($1, erfc(-Double($0) * 0.5.squareRoot()) / 2) }.max() ?? 0
      #expect(worst <= 0.51, "\(isa): \(worst) ulps")
    }
  }

  @Test func normalDistributionDouble() { checkNormalDistribution(Double.self) }

  @Test func predicates() {
    let x: [Float] = [0, .nan, .infinity, -.infinity, 1, -3e38, .leastNonzeroMagnitude]
    let isNaN = filled(7, with: false) { expectDone(aviary_unary(AVIARY_UNARY_IS_NAN, AVIARY_FLOAT32, 7, x, $0, 0)) }
    let isFinite = filled(7, with: false) {
      expectDone(aviary_unary(AVIARY_UNARY_IS_FINITE, AVIARY_FLOAT32, 7, x, $0, 0))
    }
    #expect(isNaN == x.map(\.isNaN))
    #expect(isFinite == x.map(\.isFinite))
  }

  @Test func integersWrap() {
    let x: [Int8] = [-128, -127, -1, 0, 1, 5, 127]
    func apply(_ op: aviary_unary_op) -> [Int8] {
      filled(7, with: 0) { expectDone(aviary_unary(op, AVIARY_INT8, 7, x, $0, 0)) }
    }
    #expect(apply(AVIARY_UNARY_NEGATE) == x.map { 0 &- $0 })
    #expect(apply(AVIARY_UNARY_ABS) == [-128, 127, 1, 0, 1, 5, 127])
    #expect(apply(AVIARY_UNARY_SIGN) == [-1, -1, -1, 0, 1, 1, 1])
    #expect(apply(AVIARY_UNARY_SQUARE) == x.map { $0 &* $0 })
    #expect(apply(AVIARY_UNARY_STEP) == [0, 0, 0, 1, 1, 1, 1])
    var out: Int8 = 0
    expectRefused(aviary_unary(AVIARY_UNARY_EXP, AVIARY_INT8, 1, x, &out, 0))
    expectRefused(aviary_unary(AVIARY_UNARY_NEGATE, AVIARY_BFLOAT16, 1, x, &out, 0))
    expectRefused(aviary_unary(AVIARY_UNARY_NEGATE, AVIARY_BOOL, 1, x, &out, 0))
  }

  static let operations: [(aviary_binary_op, @Sendable (Double, Double) -> Double)] = [
    (AVIARY_BINARY_ADD, { $0 + $1 }),
    (AVIARY_BINARY_SUBTRACT, { $0 - $1 }),
    (AVIARY_BINARY_MULTIPLY, { $0 * $1 }),
    (AVIARY_BINARY_DIVIDE, { $0 / $1 }),
    (AVIARY_BINARY_MINIMUM, { $0.isNaN || $1.isNaN ? .nan : min($0, $1) }),
    (AVIARY_BINARY_MAXIMUM, { $0.isNaN || $1.isNaN ? .nan : max($0, $1) }),
    (AVIARY_BINARY_POW, { pow($0, $1) }),
  ]

  /// Shapes with the strides of two operands: contiguous, broadcast rows and columns, transposed, reversed, scalar.
  static let layouts: [(dims: [Int], x: [Int], y: [Int])] = [
    ([], [], []), ([1], [5], [0]), ([67], [1], [1]), ([67], [1], [0]), ([67], [0], [1]), ([9], [0], [0]),
    ([5, 70], [70, 1], [0, 1]), ([5, 70], [70, 1], [1, 0]), ([5, 70], [0, 1], [1, 0]), ([300, 7], [7, 1], [0, 1]),
    ([300, 7], [7, 1], [1, 0]), ([6, 7], [1, 6], [7, 1]), ([6, 7], [-7, -1], [7, 1]),
    ([3, 4, 5], [20, 5, 1], [1, 3, 12]), ([3, 1, 5], [5, 5, 1], [0, 9, 1]),
    ([2, 3, 2, 5], [0, 10, 5, 1], [30, 0, 5, 1]),
    ([0, 4], [4, 1], [4, 1]),
  ]

  @Test(arguments: layouts.indices) func binaryLayouts(_ index: Int) {
    let (dims, xStrides, yStrides) = Self.layouts[index]
    let base = 100
    let x: [Float] = numbers(2500, seed: 1).map { abs($0) + 0.1 }
    let y: [Float] = numbers(2500, seed: 2)
    let count = dims.reduce(1, *)
    forEachInstructionSet { isa in
      for (op, function) in Self.operations {
        let out = filled(count + 1, with: Float(9)) { out in
          x.withUnsafeBufferPointer { x in
            y.withUnsafeBufferPointer { y in
              expectDone(
                aviary_binary(
                  op, AVIARY_FLOAT32, dims.count, dims, x.baseAddress! + base, xStrides, y.baseAddress! + base,
                  yStrides, out))
            }
          }
        }
        for position in 0..<count {
          let a = x[base + Self.offset(position, dims, xStrides)], b = y[base + Self.offset(position, dims, yStrides)]
          #expect(ulps(out[position], function(Double(a), Double(b))) <= 1, "\(isa) \(op) \(dims) at \(position)")
        }
        #expect(out[count] == 9)
      }
    }
  }

  static func offset(_ position: Int, _ dims: [Int], _ strides: [Int]) -> Int {
    var rest = position, offset = 0
    for d in dims.indices.reversed() {
      offset += rest % dims[d] * strides[d]
      rest /= dims[d]
    }
    return offset
  }

  func binary<Element: BitwiseCopyable, Result>(
    _ op: aviary_binary_op, _ type: aviary_dtype, _ x: [Element], _ y: [Element], _ initial: Result
  ) -> [Result] {
    filled(x.count, with: initial) { expectDone(aviary_binary(op, type, 1, [x.count], x, [1], y, [1], $0)) }
  }

  @Test func specialPairs() {
    let x: [Float] = [.nan, 1, -0.0, .infinity, -7, 7, -7, 7, 5, 0, -2, 2]
    let y: [Float] = [1, .nan, 0, -.infinity, 3, -3, -3, 0, .infinity, 0, 0.5, -2]
    forEachInstructionSet { _ in
      let smaller = binary(AVIARY_BINARY_MINIMUM, AVIARY_FLOAT32, x, y, Float(0))
      #expect(smaller[0].isNaN && smaller[1].isNaN && smaller[3] == -.infinity)
      let larger = binary(AVIARY_BINARY_MAXIMUM, AVIARY_FLOAT32, x, y, Float(0))
      #expect(larger[0].isNaN && larger[1].isNaN && larger[3] == .infinity)
      let mod = binary(AVIARY_BINARY_FLOOR_MOD, AVIARY_FLOAT32, x, y, Float(0))
      #expect(Array(mod[4...6]) == [2, -2, -1] && mod[7].isNaN && mod[8] == 5)
      let quotient = binary(AVIARY_BINARY_INTEGER_DIVIDE, AVIARY_FLOAT32, x, y, Float(0))
      #expect(Array(quotient[4...6]) == [-3, -3, 2] && quotient[7] == .infinity && quotient[9].isNaN)
      let power = binary(AVIARY_BINARY_POW, AVIARY_FLOAT32, x, y, Float(0))
      for i in x.indices { #expect(ulps(power[i], pow(Double(x[i]), Double(y[i]))) <= 1) }
      #expect(binary(AVIARY_BINARY_LESS, AVIARY_FLOAT32, x, y, true) == zip(x, y).map { $0 < $1 })
      #expect(binary(AVIARY_BINARY_NOT_EQUAL, AVIARY_FLOAT32, x, y, true) == zip(x, y).map { $0 != $1 })
      #expect(binary(AVIARY_BINARY_GREATER_EQUAL, AVIARY_FLOAT32, x, y, true) == zip(x, y).map { $0 >= $1 })
    }
  }

  @Test func integerPairs() {
    let x: [Int32] = [7, -7, 7, -7, .min, .min, 5, 0, 2, -1, 3]
    let y: [Int32] = [3, 3, -3, -3, -1, 0, 0, 5, 31, -3, -1]
    #expect(
      binary(AVIARY_BINARY_FLOOR_MOD, AVIARY_INT32, x, y, Int32(0)) == [1, 2, -2, -1, 0, 0, 0, 0, 2, -1, 0])
    #expect(
      binary(AVIARY_BINARY_INTEGER_DIVIDE, AVIARY_INT32, x, y, Int32(0))
        == [2, -3, -3, 2, .min, 0, 0, 0, 0, 0, -3])
    #expect(
      binary(AVIARY_BINARY_POW, AVIARY_INT32, x, y, Int32(0)) == [343, -343, 0, 0, 0, 1, 1, 0, .min, -1, 0])
    #expect(binary(AVIARY_BINARY_MULTIPLY, AVIARY_INT32, x, y, Int32(0)) == zip(x, y).map { $0 &* $1 })
    expectRefused(
      aviary_binary(AVIARY_BINARY_DIVIDE, AVIARY_INT32, 0, [], x, [], y, [], UnsafeMutablePointer(bitPattern: 8)!))
    let a = [true, true, false, false], b = [true, false, true, false]
    #expect(binary(AVIARY_BINARY_LOGICAL_XOR, AVIARY_BOOL, a, b, true) == [false, true, true, false])
    #expect(binary(AVIARY_BINARY_LOGICAL_AND, AVIARY_BOOL, a, b, true) == [true, false, false, false])
  }

  @Test func largeArraysForAnyThreadCount() {
    let n = 7_000_001
    let x: [Float] = numbers(n, seed: 3, scale: 5)
    let y: [Float] = numbers(n, seed: 4)
    forEachThreadCount { threads in
      let sum = filled(n, with: Float(0)) {
        expectDone(aviary_binary(AVIARY_BINARY_ADD, AVIARY_FLOAT32, 1, [n], x, [1], y, [1], $0))
      }
      let halved = filled(n, with: Float(0)) {
        expectDone(aviary_unary(AVIARY_UNARY_LEAKY_RELU, AVIARY_FLOAT32, n, x, $0, 0.5))
      }
      var wrong = 0
      for i in 0..<n { wrong += (sum[i] != x[i] + y[i] ? 1 : 0) + (halved[i] != (x[i] > 0 ? x[i] : x[i] / 2) ? 1 : 0) }
      #expect(wrong == 0, "\(threads) threads")
    }
  }

  @Test func select() {
    let condition = [true, false, true]
    let x: [Int64] = [1, 2, 3], y: [Int64] = [-1]
    let out = filled(6, with: Int64(0)) {
      aviary_select(AVIARY_INT64, 2, [2, 3], condition, [0, 1], x, [0, 1], y, [0, 0], $0)
    }
    #expect(out == [1, -1, 3, 1, -1, 3])
  }

  @Test(arguments: [1, 2, 3, 4, 8]) func stridedCopies(_ size: Int) {
    let source = (0..<(9 * 70 * 66 * size)).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
    let layouts: [([Int], [Int], Int)] = [
      ([70, 66], [1, 70], 0), ([66, 70], [70, 1], 0), ([9, 70, 66], [70 * 66, 1, 70], 0),
      ([70, 9, 66], [1, 70 * 66, 70], 0),
      ([66, 70], [-70, -1], 70 * 66 - 1), ([5, 6], [0, 12], 0), ([33], [2], 0), ([64, 64], [1, 64], 0), ([], [], 3),
    ]
    for (dims, strides, start) in layouts {
      let count = dims.reduce(1, *)
      let copy = filled(count * size, with: UInt8(0)) { out in
        source.withUnsafeBytes {
          aviary_copy_strided(size, dims.count, dims, $0.baseAddress! + start * size, strides, out)
        }
      }
      for position in 0..<count {
        let from = (start + Self.offset(position, dims, strides)) * size
        #expect(
          copy[position * size..<(position + 1) * size].elementsEqual(source[from..<from + size]),
          "\(size) bytes, \(dims) at \(position)")
        if !copy[position * size..<(position + 1) * size].elementsEqual(source[from..<from + size]) { break }
      }
      if strides.contains(0) { continue }
      let back = filled(source.count, with: UInt8(0)) { out in
        aviary_copy_to_strided(size, dims.count, dims, copy, out + start * size, strides)
      }
      for position in 0..<count {
        let to = (start + Self.offset(position, dims, strides)) * size
        guard back[to..<to + size].elementsEqual(source[to..<to + size]) else {
          Issue.record("scattered \(size) bytes, \(dims) at \(position)")
          break
        }
      }
    }
  }

  @Test func fillsAndAccumulates() {
    var value: Float = 2.5
    var x = filled(70, with: Float(0)) { aviary_fill(AVIARY_FLOAT32, 70, &value, $0) }
    #expect(x == Array(repeating: 2.5, count: 70))
    let step: [Float] = numbers(70, seed: 9)
    expectDone(aviary_accumulate(AVIARY_FLOAT32, 70, step, &x))
    #expect(x == step.map { 2.5 + $0 })
    expectDone(aviary_axpy(AVIARY_FLOAT32, 70, 2, step, &x))
    for i in 0..<70 { #expect(abs(x[i] - (2.5 + 3 * step[i])) < 1e-6) }
    expectDone(aviary_scale(AVIARY_FLOAT32, 70, -2, 1, step, &x))
    for i in 0..<70 { #expect(abs(x[i] - (1 - 2 * step[i])) < 1e-6) }
  }
}
