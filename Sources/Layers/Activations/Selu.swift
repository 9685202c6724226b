import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// The scaled exponential linear unit, whose outputs keep mean 0 and variance 1 through many layers:
/// f(x) = λx above zero, λα(eˣ − 1) below, λ ≈ 1.0507, α ≈ 1.6733.
///
/// For weights of the variance 1 / in: ``LecunNormal``. (Klambauer, Unterthiner, Mayr and Hochreiter: Self-normalizing
/// neural networks, 2017.)
public struct Selu: Activation, Registrable {
  public static let name = "selu"
  public static let card = Card(
    "The scaled exponential linear unit, whose outputs keep mean 0 and variance 1 through many layers.",
    formula: "f(x) = λx above zero, λα(eˣ − 1) below,  λ ≈ 1.0507,  α ≈ 1.6733",
    references: [
      "Klambauer, Unterthiner, Mayr, Hochreiter: Self-normalizing neural networks (2017), arXiv:1706.02515"
    ])

  /// λ and α solve the equations that make mean 0 and variance 1 a fixed point.
  static let scale = 1.0507009873554805
  static let alpha = 1.6732632423543772

  public init() {}

  /// λx above zero, λα(eˣ − 1) below.
  public func callAsFunction(_ x: Variable) -> Variable { x.elu(alpha: Self.alpha) * Self.scale }
}
