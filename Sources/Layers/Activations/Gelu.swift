import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// The Gaussian error linear unit.
///
///     f(x) = x·Φ(x) = ½x(1 + erf(x/√2)),   Φ the normal cumulative distribution
///
/// Exact, like PyTorch's default. The tanh approximation with which some published models were trained (PyTorch's
/// `approximate="tanh"`) differs by up to 0.0005. (Hendrycks and Gimpel, 2016.)
public struct Gelu: Activation, Registrable {
  public static let name = "gelu"
  public static let card = Card(
    "The Gaussian error linear unit, a smooth ReLU; exact, not the tanh approximation.",
    formula: "f(x) = x·Φ(x) = ½x(1 + erf(x/√2))",
    references: ["Hendrycks, Gimpel: Gaussian error linear units (2016), arXiv:1606.08415"])

  public init() {}

  public func callAsFunction(_ x: Variable) -> Variable { x.gelu() }
}
