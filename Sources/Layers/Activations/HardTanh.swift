import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// Three straight pieces in place of the hyperbolic tangent: f(x) = min(max(x, −1), 1).
///
/// At the two corners, −1 and 1, the derivative is taken as 0, as in PyTorch. (Collobert: Large scale machine learning, 2004.)
public struct HardTanh: Activation, Registrable {
  public static let name = "hard-tanh"
  public static let card = Card(
    "Three straight pieces in place of the hyperbolic tangent.", formula: "f(x) = min(max(x, −1), 1)",
    references: ["Collobert: Large scale machine learning (2004)"])

  public init() {}

  /// min(max(x, −1), 1).
  public func callAsFunction(_ x: Variable) -> Variable { x.hardTanh() }
}
