import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// The threshold of the perceptron: f(x) = 1 where x ≥ 0, else 0.
///
/// It is constant between its jump, and declares no derivative: a gradient asked through it throws
/// `DifferentiationError`. (McCulloch and Pitts, 1943; Rosenblatt, 1958.)
public struct Step: Activation, Registrable {
  public static let name = "step"
  public static let card = Card(
    "The threshold of the perceptron; a gradient through it is an error.", formula: "f(x) = 1 where x ≥ 0, else 0",
    references: ["Rosenblatt: The perceptron (1958)"])

  public init() {}

  /// 1 or 0.
  public func callAsFunction(_ x: Variable) -> Variable { x.step() }
}
