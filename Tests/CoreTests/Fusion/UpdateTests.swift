import AviaryCore
import Testing

/// One operation of a fused pass and what it computes.
private struct Operation: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let fused: @Sendable (FusedValue, FusedValue) -> FusedValue
  let plain: @Sendable (Double, Double) -> Double
  /// Whether the kernel rounds as Swift does.
  var isExact = true
}

private func sign(_ x: Double) -> Double { x > 0 ? 1 : x < 0 ? -1 : x }

private let operations: [Operation] = [
  Operation(testDescription: "a + b", fused: { $0 + $1 }, plain: { $0 + $1 }),
  Operation(testDescription: "a − b", fused: { $0 - $1 }, plain: { $0 - $1 }),
  Operation(testDescription: "a · b", fused: { $0 * $1 }, plain: { $0 * $1 }),
  Operation(testDescription: "a / b", fused: { $0 / $1 }, plain: { $0 / $1 }),
  Operation(testDescription: "a + k", fused: { a, _ in a + 0.3 }, plain: { a, _ in a + 0.3 }),
  Operation(testDescription: "k + a", fused: { a, _ in 0.3 + a }, plain: { a, _ in 0.3 + a }),
  Operation(testDescription: "a − k", fused: { a, _ in a - 0.3 }, plain: { a, _ in a - 0.3 }),
  Operation(testDescription: "k − a", fused: { a, _ in 0.3 - a }, plain: { a, _ in 0.3 - a }),
  Operation(testDescription: "a · k", fused: { a, _ in a * 0.3 }, plain: { a, _ in a * 0.3 }),
  Operation(testDescription: "k · a", fused: { a, _ in 0.3 * a }, plain: { a, _ in 0.3 * a }),
  Operation(testDescription: "a / k", fused: { a, _ in a / 0.3 }, plain: { a, _ in a / 0.3 }, isExact: false),
  Operation(testDescription: "k / a", fused: { a, _ in 0.3 / a }, plain: { a, _ in 0.3 / a }),
  Operation(testDescription: "−a", fused: { a, _ in -a }, plain: { a, _ in -a }),
  Operation(testDescription: "a²", fused: { a, _ in a.square() }, plain: { a, _ in a * a }),
  Operation(testDescription: "√|a|", fused: { a, _ in a.abs().sqrt() }, plain: { a, _ in abs(a).squareRoot() }),
  Operation(testDescription: "sign a", fused: { a, _ in a.sign() }, plain: { a, _ in sign(a) }),
  Operation(
    testDescription: "log eᵃ", fused: { a, _ in a.exp().log() }, plain: { a, _ in a }, isExact: false),
  Operation(testDescription: "max", fused: { $0.maximum($1) }, plain: { max($0, $1) }),
  Operation(testDescription: "min", fused: { $0.minimum($1) }, plain: { min($0, $1) }),
  Operation(
    testDescription: "clamp", fused: { a, _ in a.clamped(to: -0.5...0.25) }, plain: { a, _ in min(max(a, -0.5), 0.25) }
  ),
  Operation(testDescription: "a > b", fused: { $0.isGreater(than: $1) }, plain: { $0 > $1 ? 1 : 0 }),
  Operation(
    testDescription: "choice", fused: { a, b in a.isGreater(than: b).choosing(a * 2, otherwise: b) },
    plain: { a, b in a > b ? a * 2 : b }),
  Operation(testDescription: "max k", fused: { a, _ in a.maximum(0.25) }, plain: { a, _ in max(a, 0.25) }),
  Operation(testDescription: "min k", fused: { a, _ in a.minimum(0.25) }, plain: { a, _ in min(a, 0.25) }),
  Operation(testDescription: "a > k", fused: { a, _ in a.isGreater(than: 0.25) }, plain: { a, _ in a > 0.25 ? 1 : 0 }),
  Operation(
    testDescription: "a or k", fused: { a, b in a.isGreater(than: b).choosing(a, otherwise: 0.75) },
    plain: { a, b in a > b ? a : 0.75 }),
  Operation(
    testDescription: "k or b", fused: { a, b in a.isGreater(than: b).choosing(-3, otherwise: b) },
    plain: { a, b in a > b ? -3 : b }),
  Operation(
    testDescription: "k or l", fused: { a, b in a.isGreater(than: b).choosing(1.5, otherwise: 0.5) },
    plain: { a, b in a > b ? 1.5 : 0.5 }),
]

@Suite struct UpdateTests {
  /// Numbers between −2 and 2, no two neighbors equal.
  private func scalars(_ count: Int, _ phase: Int) -> [Double] {
    (0..<count).map { place in
      let whole = (place * 37 + phase * 11) % 401 - 200
      return Double(whole) / 100 + 0.0013 * Double(phase)
    }
  }

  @Test(arguments: operations) private func computesWhatItSays(_ operation: Operation) {
    for count in [0, 1, 7, 255, 256, 257, 1000] {
      let (a, b) = (scalars(count, 1), scalars(count, 2))
      let expected = zip(a, b).map(operation.plain)
      for dtype in [DType.float64, .float32] {
        var array = Tensor(a, shape: [count]).cast(to: dtype)
        Tensor.update(&array, reading: Tensor(b, shape: [count]).cast(to: dtype)) { $0 = operation.fused($0, $1) }
        let tolerance = dtype == .float32 ? 4e-7 : operation.isExact ? 0 : 4e-16
        for (found, wanted) in zip(array.scalars(as: Double.self), expected) {
          // Rounding the operands to float32 moves quotients of small denominators by more.
          let scale = max(1, abs(wanted)) * (dtype == .float32 ? max(1, abs(wanted)) : 1)
          #expect(abs(found - wanted) <= tolerance * scale, "\(dtype) of \(count)")
        }
      }
    }
  }

  @Test func allArraysAreReadBeforeOneIsWritten() {
    var a = Tensor([1.0, 2], shape: [2])
    var b = Tensor([10.0, 20], shape: [2])
    var c = Tensor([100.0, 200], shape: [2])
    var d = Tensor([1000.0, 2000], shape: [2])
    let e = Tensor([0.5, 0.25], shape: [2])
    Tensor.update(&a, &b, reading: e) { a, b, e in
      (a, b) = (b, a)
      a += e
    }
    #expect(a.scalars() == [10.5, 20.25] && b.scalars() == [1.0, 2])
    Tensor.update(&a, &b, &c, reading: e) { a, b, c, e in
      (a, b, c) = (b, c, a)
      c -= e
    }
    #expect(a.scalars() == [1.0, 2] && b.scalars() == [100.0, 200] && c.scalars() == [10.0, 20])
    Tensor.update(&a, &b, &c, &d, reading: e) { a, b, c, d, e in (a, b, c, d) = (d * e, a, b, c) }
    #expect(a.scalars() == [500.0, 500] && b.scalars() == [1.0, 2])
    #expect(c.scalars() == [100.0, 200] && d.scalars() == [10.0, 20])
    var list = [a, b, c]
    Tensor.update(&list, reading: [d, e]) { values, read in
      values = [values[2], values[0] * read[1], values[1] + read[0]]
    }
    #expect(list.map { $0.scalars(as: Double.self) } == [[100, 200], [250, 125], [11, 22]])
    Tensor.update(&a) { a in a = 1 - a }
    #expect(a.scalars() == [-499.0, -499])
  }

  @Test func memoryStaysWhereItIs() {
    var (a, b, c) = (Tensor.zeros([1000]), Tensor.zeros([1000]), Tensor.ones([1000]))
    var list = [Tensor.zeros([9]), Tensor.ones([9])]
    func places() -> [UnsafeRawPointer?] { ([a, b, c] + list).map { $0.withBytes(\.baseAddress) } }
    let before = places()
    let gradient = Tensor.ones([1000])
    for _ in 0..<3 {
      Tensor.update(&a, reading: gradient) { $0 -= $1 }
      Tensor.update(&a, &b, &c, reading: gradient) { a, b, c, g in
        b = 0.9 * b + g
        c = c.maximum(b)
        a -= b / c
      }
      Tensor.update(&list) { values, _ in values[0] += values[1] }
    }
    #expect(places() == before)
    #expect(a.scalar(at: 0) != 0)
  }

  @Test func otherOwnersAndInputsKeepTheirValues() {
    var a = Tensor([1.0, 2, 3], shape: [3])
    let copy = a
    Tensor.update(&a, reading: copy) { $0 = $0 + 2 * $1 }
    #expect(a.scalars() == [3.0, 6, 9] && copy.scalars() == [1.0, 2, 3])
    // The same memory to change twice.
    var b = a
    Tensor.update(&a, &b, reading: copy) { a, b, g in
      a += g
      b -= g
    }
    #expect(a.scalars() == [4.0, 8, 12] && b.scalars() == [2.0, 4, 6])
    // Views: a transposed matrix to read, a part of a vector to change.
    let matrix = Tensor([[1.0, 2], [3, 4]])
    var flat = Tensor.zeros([2, 2], dtype: .float64)
    Tensor.update(&flat, reading: matrix.transposed()) { $0 += $1 }
    #expect(flat.scalars() == [1.0, 3, 2, 4])
    let whole = Tensor([1.0, 2, 3, 4], shape: [4])
    var part = whole.flatView(from: 1, shape: [2])
    Tensor.update(&part) { $0 = -$0 }
    #expect(part.scalars() == [-2.0, -3] && whole.scalars() == [1.0, 2, 3, 4])
  }

  @Test func registersAreUsedAgain() {
    // A hundred values one after another, twelve alive at once, and some unused.
    var a = Tensor([1.0, -2], shape: [2])
    Tensor.update(&a) { a in
      for _ in 0..<100 {
        _ = a.exp() + a.sqrt()
        a = a * 0.5 + 1
      }
      let many = (0..<12).map { a + Double($0) }
      a = many.dropFirst().reduce(many[0]) { $0 + $1 }
    }
    for found in a.scalars(as: Double.self) { #expect(abs(found - (12 * 2 + 66)) < 1e-12) }
  }

  @Test func normsOfAllRanges() {
    #expect(Tensor([3.0, -4], shape: [2]).euclideanNorm() == 5)
    #expect(Tensor([[3, 0], [0, 4]] as [[Float]]).transposed().euclideanNorm() == 5)
    #expect(Tensor.zeros([0]).euclideanNorm() == 0)
    #expect(Tensor.zeros([3]).euclideanNorm() == 0)
    #expect(abs(Tensor([3e30, -4e30] as [Float], shape: [2]).euclideanNorm() / 5e30 - 1) < 1e-6)
    #expect(abs(Tensor([3e-30, -4e-30] as [Float], shape: [2]).euclideanNorm() / 5e-30 - 1) < 1e-6)
    #expect(abs(Tensor([3e200, 4e200], shape: [2]).euclideanNorm() / 5e200 - 1) < 1e-15)
    #expect(Tensor([1, .nan] as [Float], shape: [2]).euclideanNorm().isNaN)
    #expect(Tensor([Double.nan, .infinity], shape: [2]).euclideanNorm().isNaN)
    #expect(Tensor([1, -Double.infinity], shape: [2]).euclideanNorm() == .infinity)
  }
}

@Suite struct UpdateTrapTests {
  @Test func arraysOfDifferentLengthTrap() async {
    await #expect(processExitsWith: .failure) {
      var a = Tensor.zeros([4])
      Tensor.update(&a, reading: Tensor.zeros([3])) { $0 += $1 }
    }
  }

  @Test func arraysOfDifferentTypesTrap() async {
    await #expect(processExitsWith: .failure) {
      var (a, b) = (Tensor.zeros([4]), Tensor.zeros([4], dtype: .float64))
      Tensor.update(&a, &b, reading: Tensor.zeros([4])) { a, b, g in a += b }
    }
  }

  @Test func integersTrap() async {
    await #expect(processExitsWith: .failure) {
      var a = Tensor.zeros([4], dtype: .int32)
      Tensor.update(&a) { $0 = 2 * $0 }
    }
  }

  @Test func seventeenValuesAtOnceTrap() async {
    await #expect(processExitsWith: .failure) {
      var a = Tensor.zeros([4])
      Tensor.update(&a) { a in
        let many = (0..<17).map { a.exp() + Double($0) }
        a = many.reduce(a) { $0 + $1 }
      }
    }
  }
}
