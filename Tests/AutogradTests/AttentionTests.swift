import AviaryAutograd
import AviaryCore
import AviaryTestSupport
import Testing

/// Attention computed some queries at a time has the values, gradients and second derivatives of all scores at once.
struct AttentionTests {
  private func operands(
    rows: Int, queries: Int, keys: Int, columns: Int, values: Int, dtype: DType = .float64
  ) -> [Tensor] {
    func normal(_ shape: Shape, _ purpose: String) -> Tensor {
      RandomSource(seed: 19)[purpose].normal(shape, dtype: .float64).cast(to: dtype)
    }
    return [
      normal([rows, queries, columns], "q"), normal([rows, keys, columns], "k"), normal([rows, keys, values], "v"),
    ]
  }

  @Test func isItsComposition() throws {
    let crossing = operands(rows: 2, queries: 3, keys: 4, columns: 4, values: 6)
    #expect(try checkComposition(of: ScaledDotProductAttention(heads: 2), at: crossing) == [])
    #expect(try checkComposition(of: ScaledDotProductAttention(heads: 1, lengths: [4, 2]), at: crossing) == [])
    #expect(try checkComposition(of: ScaledDotProductAttention(heads: 2, causal: true), at: crossing) == [])
    let own = operands(rows: 3, queries: 4, keys: 4, columns: 3, values: 3)
    #expect(
      try checkComposition(of: ScaledDotProductAttention(heads: 3, causal: true, lengths: [1, 4, 3]), at: own) == [])
  }

  /// More queries than are processed at a time.
  @Test(arguments: [DType.float32, .float64], [false, true])
  func manySteps(_ dtype: DType, _ causal: Bool) throws {
    let operands = operands(rows: 2, queries: 131, keys: 131, columns: 10, values: 14, dtype: dtype)
    let attention = ScaledDotProductAttention(heads: 2, causal: causal, lengths: [131, 70])
    func run(_ body: @escaping ([Variable]) throws -> Variable) throws -> [Tensor] {
      var output = Tensor.zeros([0])
      let gradients = try valueAndGradients(at: operands) { points in
        let found = try body(points)
        output = found.value
        return (found * found).sum()
      }.gradients
      return [output] + gradients
    }
    let found = try run { Variable.apply(attention, to: $0)[0] }
    let expected = try run { try #require(attention.composition(of: $0))[0] }
    for (found, expected) in zip(found, expected) {
      #expect((found - expected).abs().max().item() < (dtype == .float32 ? 1e-4 : 1e-12))
    }
  }

  @Test func operandsThatDoNotFit() {
    let specs = operands(rows: 2, queries: 3, keys: 4, columns: 4, values: 6).map(\.spec)
    #expect(throws: ShapeError.self) { try ScaledDotProductAttention(heads: 3).outputSpecs(for: specs) }
    #expect(throws: ShapeError.self) {
      try ScaledDotProductAttention(heads: 2, lengths: [0, 4]).outputSpecs(for: specs)
    }
    #expect(throws: ShapeError.self) {
      try ScaledDotProductAttention(heads: 2, causal: true).outputSpecs(for: [specs[1], specs[0], specs[0]])
    }
  }
}
