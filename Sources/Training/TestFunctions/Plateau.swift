import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// A hole in a plain, 1 − exp(−(x² + y²)/2), with its minimum at (0, 0). Far away, the gradient shows the direction but
/// hardly the distance.
public struct Plateau: TestFunction, Registrable {
  public static let name = "plateau"
  public static let card = Card("A hole in a plain.", formula: "f(x, y) = 1 − exp(−(x² + y²)/2)")

  public init() {}

  public func callAsFunction(_ x: Variable) -> Variable { 1 - (x.square().sum() * -0.5).exp() }
  public let start = [-2.5, 2.0]
  public let domain = (x: -4.0...4.0, y: -4.0...4.0)
  public let minima = [[0.0, 0.0]]
  public let learningRate = 0.5
}
