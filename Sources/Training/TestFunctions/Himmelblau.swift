import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// Four minima with the same value: (x² + y − 11)² + (x + y² − 7)². (Himmelblau, 1972.)
public struct Himmelblau: TestFunction, Registrable {
  public static let name = "himmelblau"
  public static let card = Card(
    "Four minima with the same value.", formula: "f(x, y) = (x² + y − 11)² + (x + y² − 7)²",
    references: ["Himmelblau: Applied nonlinear programming (1972)"])

  public init() {}

  public func callAsFunction(_ x: Variable) throws -> Variable { try squares(x) }
  public func residuals(_ x: Variable) -> Variable? {
    let first: Variable = x[0].square() + x[1]
    let second: Variable = x[0] + x[1].square()
    return Variable.stack([first - 11, second - 7])
  }
  public let start = [-0.5, -1.0]
  public let domain = (x: -5.0...5.0, y: -5.0...5.0)
  public let minima = [
    [3, 2], [-2.805118086952745, 3.131312518250573], [-3.779310253377747, -3.283185991286170],
    [3.584428340330492, -1.848126526964404],
  ]
  public let learningRate = 0.01
}
