import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// The perceptron's threshold: f(x) = 1 if x ≥ 0, else 0.
///
/// It is constant on both sides of its jump and has no derivative: differentiating through it throws
/// `DifferentiationError`. (McCulloch and Pitts, 1943; Rosenblatt, 1958.)
public struct Step: Activation, Registrable {
  public static let name = "step"
  public static let card = Card(
    "The perceptron's threshold; differentiating through it is an error.", formula: "f(x) = 1 if x ≥ 0, else 0",
    references: ["Rosenblatt: The perceptron (1958)"])

  public init() {}

  public func callAsFunction(_ x: Variable) -> Variable { x.step() }
}
