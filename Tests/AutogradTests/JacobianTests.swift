import AviaryAutograd
import AviaryCore
import Testing

/// Jacobians by rows and by columns, and derivatives along a vector.
@Suite struct JacobianTests {
  private let x = Tensor([0.3, -1.2, 2], dtype: .float64)

  /// [xᵢ·xⱼ, sin xᵢ], which has more results than inputs.
  private func wide(_ x: Variable) -> Variable {
    let products = (x.reshaped(to: [3, 1]) * x.reshaped(to: [1, 3])).flattened()
    return Variable.concatenate([products, x.sin()])
  }

  @Test func columnsAreWhatRowsAre() throws {
    let found = try jacobian(at: x, of: wide)
    #expect(found.shape == [12, 3])
    let rows = try (0..<12).map { row in try gradient(at: x) { wide($0)[row] } }
    #expect((found - Tensor.stack(rows)).abs().max().item() < 1e-15)
    // With fewer results than inputs, the Jacobian is computed by rows.
    let few = try jacobian(at: x) { ($0 * $0).sum().reshaped(to: [1]) }
    #expect(few == (x * 2).reshaped(to: [1, 3]))
  }

  @Test func shapesAreResultThenPoint() throws {
    let point = Tensor([[1.0, 2], [3, 4]])
    let found = try jacobian(at: point) { v in Variable.stack([v * v, v * 3]) }
    #expect(found.shape == [2, 2, 2, 2, 2])
    #expect(found[0, 1, 0, 1, 0].item() == 6 && found[1, 1, 0, 1, 0].item() == 3 && found[1, 1, 0, 0, 1].item() == 0)
  }

  @Test func alongAVector() throws {
    let v = Tensor([1.5, 0.5, -2], dtype: .float64)
    let (value, found) = try jacobianVectorProduct(at: x, vector: v, of: wide)
    #expect(value == wide(Variable(x)).value)
    let expected = try jacobian(at: x, of: wide).matmul(v.reshaped(to: [3, 1])).flattened()
    #expect((found - expected).abs().max().item() < 1e-15)
    let step = 1e-6
    let slope = (wide(Variable(x + v * step)).value - wide(Variable(x - v * step)).value) / (2 * step)
    #expect((found - slope).abs().max().item() < 1e-8)
  }

  @Test func derivativesThatAreZero() throws {
    let zero = try jacobian(at: x) { Variable.concatenate([$0 * 0, $0 * 0]) }
    #expect(zero == Tensor.zeros([6, 3], dtype: .float64))
    #expect(throws: DifferentiationError.self) { try jacobian(at: x) { _ in Variable(Tensor([1.0, 2, 3, 4])) } }
    #expect(throws: DifferentiationError.self) {
      try jacobianVectorProduct(at: x, vector: x) { _ in Variable(Tensor(1.0)) }
    }
  }
}
