import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// An ill-conditioned bowl, (x² + κ·y²)/2, where κ is the ratio of the Hessian's eigenvalues. Gradient descent is
/// stable below a learning rate of 2/κ, and needs about κ steps.
public struct Bowl: TestFunction, Registrable {
  public static let name = "bowl"
  public static let card = Card("An ill-conditioned bowl.", formula: "f(x, y) = (x² + κ·y²)/2")

  @Field("Condition κ: the ratio of the curvatures", .atLeast(1)) var condition = 100.0

  public init() {}

  public func callAsFunction(_ x: Variable) throws -> Variable { try squares(x) }
  public func residuals(_ x: Variable) -> Variable? { x * Variable(Tensor([0.5, condition / 2]).sqrt()) }
  public let start = [-4.0, 1.0]
  public let domain = (x: -5.0...5.0, y: -2.0...2.0)
  public let minima = [[0.0, 0.0]]
  public var learningRate: Double { 1.8 / condition }
}
