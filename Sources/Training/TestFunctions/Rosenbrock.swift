import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// A long, curved and narrow valley, (1 − x)² + b·(y − x²)², with its minimum at (1, 1). (Rosenbrock, 1960.)
public struct Rosenbrock: TestFunction, Registrable {
  public static let name = "rosenbrock"
  public static let card = Card(
    "A long, curved and narrow valley.", formula: "f(x, y) = (1 − x)² + b·(y − x²)²",
    references: ["Rosenbrock: An automatic method for finding the greatest or least value of a function (1960)"])

  @Field("Steepness b of the sides", .positive) var steepness = 100.0

  public init() {}

  public func callAsFunction(_ x: Variable) throws -> Variable { try squares(x) }
  public func residuals(_ x: Variable) -> Variable? {
    let off: Variable = x[1] - x[0].square()
    return Variable.stack([1 - x[0], off * steepness.squareRoot()])
  }
  public let start = [-1.2, 1.0]
  public let domain = (x: -2.0...2.0, y: -1.0...3.0)
  public let minima = [[1.0, 1.0]]
  public var learningRate: Double { 0.1 / steepness }
}

extension TestFunction {
  /// The sum of the squared residuals.
  func squares(_ x: Variable) throws -> Variable {
    guard let residuals = try residuals(x) else { return try self(x) }
    return residuals.square().sum()
  }
}
