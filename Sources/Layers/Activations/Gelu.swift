import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// The Gaussian error linear unit: f(x) = x·Φ(x) = ½x(1 + erf(x/√2)), Φ the normal distribution's function.
///
/// Exact, as PyTorch's default. The approximation by tanh that some published models were trained with
/// (PyTorch's `approximate="tanh"`) differs from it by up to 0.0005. (Hendrycks and Gimpel, 2016.)
public struct Gelu: Activation, Registrable {
  public static let name = "gelu"
  public static let card = Card(
    "The Gaussian error linear unit, exactly, not by the approximation with tanh: smooth, and near the rectifier.",
    formula: "f(x) = x·Φ(x) = ½x(1 + erf(x/√2))",
    references: ["Hendrycks, Gimpel: Gaussian error linear units (2016), arXiv:1606.08415"])

  public init() {}

  /// ½x(1 + erf(x/√2)).
  public func callAsFunction(_ x: Variable) -> Variable { x.gelu() }
}
