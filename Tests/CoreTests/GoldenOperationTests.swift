import AviaryCore
import AviaryTestSupport
import Testing

/// NumPy's results for operations without derivatives: integers, comparisons, logic, broadcasting.
@Suite("Operations against NumPy")
struct GoldenOperationTests {
  @Test("integers, comparisons and logic", arguments: try GoldenDocument("integers").cases)
  func integers(_ stored: GoldenCase) throws {
    let inputs = try stored.tensors("inputs").compactMap { $0 }
    let expected = try stored.tensors("outputs")
    #expect(mismatches(try GoldenOperation(stored)(inputs), expected, "output") == [])
    // The same through views: every second element of a longer array.
    let views = inputs.map { input -> Tensor in
      let spaced = Tensor.stack([input, input], axis: input.rank).reshaped(to: input.shape.dimensions.dropLast() + [-1])
      let counts = input.shape.dimensions
      return spaced.slice(
        starts: counts.map { _ in 0 }, counts: counts, steps: counts.indices.map { $0 == counts.count - 1 ? 2 : 1 })
    }
    #expect(mismatches(try GoldenOperation(stored)(views), expected, "output of views") == [])
  }

  @Test("shapes that broadcast, and those that do not", arguments: try GoldenDocument("broadcasting").cases)
  func broadcasting(_ stored: GoldenCase) throws {
    let left = Shape(try stored.numbers("left").map { Int($0) })
    let right = Shape(try stored.numbers("right").map { Int($0) })
    let isPossible = try stored.field("result") != .null
    let expected = isPossible ? Shape(try stored.numbers("result").map { Int($0) }) : nil
    #expect(left.broadcast(with: right) == expected)
    guard let expected else { return }
    let sum = Tensor.ones(left, dtype: .int32) + Tensor.ones(right, dtype: .int32)
    #expect(sum == Tensor(repeating: 2, shape: expected, dtype: .int32))
  }

  /// The maximum errors that the kernels promise, in units in the last place of the format.
  @Test("elementary functions to the last digits", arguments: try GoldenDocument("elementary").cases)
  func elementary(_ stored: GoldenCase) throws {
    let (x, y) = (Tensor(try stored.numbers("x")), Tensor(try stored.numbers("y")))
    let function = Unary(try #require(Unary.Function(rawValue: stored.op)))
    #expect(mismatch(Tensor.applying(function, x), y, tolerance: 2e-15, scale: 1e-300) == nil)
    // Below float32's normal range, steps are absolute.
    let narrow = Tensor.applying(function, x.cast(to: .float32)).cast(to: .float64)
    let expected = y.cast(to: .float32).cast(to: .float64)
    #expect(mismatch(narrow, expected, tolerance: 6e-7, scale: 1.2e-38) == nil)
  }

  @Test("functions checked by hand", arguments: HandCheckedCase.all)
  func byHand(_ checked: HandCheckedCase) {
    #expect(mismatch(checked.result(), checked.expected, tolerance: 1e-15) == nil)
  }
}

/// An operation without stored results, at points where the result is obvious.
struct HandCheckedCase: Sendable, CustomStringConvertible {
  let description: String
  let result: @Sendable () -> Tensor
  let expected: Tensor

  static let all: [HandCheckedCase] = [
    HandCheckedCase(
      description: "floor", result: { Tensor([-1.5, -0.0, 0.5, 2.0]).floor() },
      expected: Tensor([-2.0, -0.0, 0.0, 2.0])),
    HandCheckedCase(
      description: "ceil", result: { Tensor([-1.5, 0.0, 0.5, 2.0]).ceil() }, expected: Tensor([-1.0, 0.0, 1.0, 2.0])),
    HandCheckedCase(
      description: "step", result: { Tensor([-0.5, -0.0, 0.0, 3.0, .nan]).step() },
      expected: Tensor([0.0, 1.0, 1.0, 1.0, 0.0])),
    HandCheckedCase(
      description: "logSigmoid", result: { Tensor([-1000.0, 0.0, 1000.0]).logSigmoid() },
      expected: Tensor([-1000.0, -0.6931471805599453, 0.0])),
    HandCheckedCase(
      description: "integerDivide", result: { Tensor([7, -7, 7, -7, 5]).integerDivide(Tensor([2, 2, -2, -2, 0])) },
      expected: Tensor([3, -4, -4, 3, 0])),
    HandCheckedCase(
      description: "argmin", result: { Tensor([[3.0, 1.0, 1.0], [0.0, 5.0, -1.0]]).argmin() },
      expected: Tensor([1, 2])),
    HandCheckedCase(
      description: "oneHot", result: { Tensor([[1], [0]]).oneHot(classes: 2, dtype: .float64) },
      expected: Tensor([[[0.0, 1.0]], [[1.0, 0.0]]])),
    HandCheckedCase(
      description: "cast", result: { Tensor([-1.9, 300.0, .nan, 2.5]).cast(to: .uint8).cast(to: .int64) },
      expected: Tensor([0, 255, 0, 2])),
  ]
}
