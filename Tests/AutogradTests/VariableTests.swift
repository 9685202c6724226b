import AviaryAutograd
import AviaryCore
import Testing

@Suite("Derivatives")
struct VariableTests {
  @Test("the course's worked example: f = (x + y)·z at (−2, 5, −4)")
  func workedExample() throws {
    let points = [-2.0, 5.0, -4.0].map { Tensor([$0], shape: []) }
    let (value, gradients) = try valueAndGradients(at: points) { ($0[0] + $0[1]) * $0[2] }
    #expect(value.item() == -12)
    #expect(gradients.map { $0.item() } == [-4, -4, 3])
  }

  @Test("a second derivative: d²/dx² x³ = 6x")
  func secondDerivative() throws {
    let point = Tensor([1.0, 2.0, 3.0])
    let matrix = try hessian(at: point) { ($0 * $0 * $0).sum() }
    #expect(matrix.scalars(as: Double.self) == [6, 0, 0, 0, 12, 0, 0, 0, 18])
    let product = try hessianVectorProduct(at: point, vector: Tensor([1.0, 1.0, 1.0])) { ($0 * $0 * $0).sum() }
    #expect(product.scalars(as: Double.self) == [6, 12, 18])
  }

  @Test("a Jacobian: the softmax's is diag(y) − y·yᵀ")
  func softmaxJacobian() throws {
    let point = Tensor([0.5, -1.0, 2.0])
    let y = point.softmax()
    let expected = Tensor.identity(3, dtype: .float64) * y - y.reshaped(to: [3, 1]) * y
    let found = try jacobian(at: point) { $0.softmax() }
    #expect((found - expected).abs().max().item() < 1e-15)
  }
}
