import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// Flat at the start and steep at the corners, with its minimum at (3, 0.5). (Beale, 1958.)
///
/// ```
/// f(x, y) = Σ (cₖ − x·(1 − yᵏ))²,  c = 1.5, 2.25, 2.625
/// ```
public struct Beale: TestFunction, Registrable {
  public static let name = "beale"
  public static let card = Card(
    "Flat in the middle and steep at the corners.", formula: "f(x, y) = Σₖ (cₖ − x·(1 − yᵏ))²,  c = 1.5, 2.25, 2.625",
    references: [
      "Beale: On an iterative method for finding a local minimum of a function of more than one variable (1958)"
    ])

  public init() {}

  public func callAsFunction(_ x: Variable) throws -> Variable { try squares(x) }
  public func residuals(_ x: Variable) -> Variable? {
    let y: Variable = x[1]
    let powers: [Variable] = [y, y.square(), y.square() * y]
    let rows: [Variable] = zip([1.5, 2.25, 2.625], powers).map { c, power in c - x[0] * (1 - power) }
    return Variable.stack(rows)
  }
  public let start = [1.0, 1.5]
  public let domain = (x: -0.5...4.5, y: -2.0...2.0)
  public let minima = [[3.0, 0.5]]
  public let learningRate = 0.005
}
