import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// The logarithm of the softmax over the last axis, exact even if the softmax underflows.
///
///     f(x)ᵢ = xᵢ − log Σⱼ e^xⱼ
public struct LogSoftmax: Activation, Registrable {
  public static let name = "log-softmax"
  public static let card = Card(
    "The logarithm of the softmax over the last axis.",
    formula: "f(x)ᵢ = xᵢ − log Σⱼ e^xⱼ")

  public init() {}

  public func callAsFunction(_ x: Variable) -> Variable { x.logSoftmax() }
}
