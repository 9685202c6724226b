import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// A narrow valley with noisy gradients, like those of minibatches: x²/20 + 5·(y − x²/4)², with its minimum at (0, 0).
///
/// Each step adds a random linear function; all evaluations within a step use the same one.
public struct NoisyValley: TestFunction, Registrable {
  public static let name = "noisy-valley"
  public static let card = Card(
    "A narrow valley with noise in its gradients.", formula: "f(x, y) = x²/20 + 5·(y − x²/4)² + ξ·(x, y),  ξ ~ N(0, σ²)"
  )

  @Field("Standard deviation σ of the noise in each element of a gradient", .nonNegative) public private(set)
    var noise = 0.5

  public init() {}

  public func callAsFunction(_ x: Variable) throws -> Variable { try squares(x) }
  public func residuals(_ x: Variable) -> Variable? {
    let off: Variable = x[1] - x[0].square() / 4
    return Variable.stack([x[0] * 0.05.squareRoot(), off * 5.0.squareRoot()])
  }
  public let start = [-3.0, 2.0]
  public let domain = (x: -4.0...4.0, y: -1.5...4.0)
  public let minima = [[0.0, 0.0]]
  public let learningRate = 0.02
}
