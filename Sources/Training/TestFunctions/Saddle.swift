import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// A saddle between two minima, x² − y² + y⁴/4: the saddle at (0, 0), near the path, and the minima at (0, ±√2).
///
/// The gradient vanishes at the saddle, where Newton's method converges.
public struct Saddle: TestFunction, Registrable {
  public static let name = "saddle"
  public static let card = Card("A saddle between two minima.", formula: "f(x, y) = x² − y² + y⁴/4")

  @Field("Distance of the start from the line that leads to the saddle", .nonNegative) var offset = 0.001

  public init() {}

  public func callAsFunction(_ x: Variable) -> Variable {
    let square = x[1].square()
    return x[0].square() - square + square.square() / 4
  }
  public var start: [Double] { [-1.5, offset] }
  public let domain = (x: -2.0...2.0, y: -2.0...2.0)
  public let minima = [[0, 1.4142135623730951], [0, -1.4142135623730951]]
  public let learningRate = 0.1
}
