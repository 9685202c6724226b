import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// The self-gated function x·tanh(log(1 + eˣ)): smooth, unbounded above, and with a least value of about −0.31.
///
/// (Misra: Mish, a self regularized non-monotonic activation function, 2019.)
public struct Mish: Activation, Registrable {
  public static let name = "mish"
  public static let card = Card(
    "A smooth function near the rectifier that lets small negative values through.",
    formula: "f(x) = x·tanh(log(1 + eˣ))",
    references: ["Misra: Mish, a self regularized non-monotonic activation function (2019), arXiv:1908.08681"])

  public init() {}

  /// x·tanh(log(1 + eˣ)).
  public func callAsFunction(_ x: Variable) -> Variable { x.mish() }
}
