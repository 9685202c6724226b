import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// The scaled exponential linear unit, which preserves mean 0 and variance 1 through many layers.
///
///     f(x) = λx if x > 0, else λα(eˣ − 1),   λ ≈ 1.0507,   α ≈ 1.6733
///
/// Use it with weights of variance 1 / in: ``LecunNormal``. (Klambauer, Unterthiner, Mayr and Hochreiter:
/// Self-normalizing neural networks, 2017.)
public struct Selu: Activation, Registrable {
  public static let name = "selu"
  public static let card = Card(
    "The scaled exponential linear unit, which preserves mean 0 and variance 1 through many layers.",
    formula: "f(x) = λx if x > 0, else λα(eˣ − 1),  λ ≈ 1.0507,  α ≈ 1.6733",
    references: [
      "Klambauer, Unterthiner, Mayr, Hochreiter: Self-normalizing neural networks (2017), arXiv:1706.02515"
    ])

  /// The values of λ and α for which mean 0 and variance 1 are a fixed point.
  static let scale = 1.0507009873554805
  static let alpha = 1.6732632423543772

  public init() {}

  public func callAsFunction(_ x: Variable) -> Variable { x.elu(alpha: Self.alpha) * Self.scale }
}
