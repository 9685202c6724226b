import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// A piecewise linear approximation of the hyperbolic tangent.
///
///     f(x) = min(max(x, −1), 1)
///
/// The derivative at the corners −1 and 1 is defined as 0, as in PyTorch. (Collobert: Large scale machine learning,
/// 2004.)
public struct HardTanh: Activation, Registrable {
  public static let name = "hard-tanh"
  public static let card = Card(
    "A piecewise linear approximation of the hyperbolic tangent.", formula: "f(x) = min(max(x, −1), 1)",
    references: ["Collobert: Large scale machine learning (2004)"])

  public init() {}

  public func callAsFunction(_ x: Variable) -> Variable { x.hardTanh() }
}
