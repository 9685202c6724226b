import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// A smooth self-gated function, unbounded above, with a minimum of about −0.31.
///
///     f(x) = x·tanh(log(1 + eˣ))
///
/// (Misra: Mish, a self regularized non-monotonic activation function, 2019.)
public struct Mish: Activation, Registrable {
  public static let name = "mish"
  public static let card = Card(
    "A smooth variant of ReLU that passes small negative values.",
    formula: "f(x) = x·tanh(log(1 + eˣ))",
    references: ["Misra: Mish, a self regularized non-monotonic activation function (2019), arXiv:1908.08681"])

  public init() {}

  public func callAsFunction(_ x: Variable) -> Variable { x.mish() }
}
