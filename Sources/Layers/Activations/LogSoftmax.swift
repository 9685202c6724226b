import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// The logarithms of the softmax, row by row along the last axis: f(x)ᵢ = xᵢ − log Σⱼ e^xⱼ, exact where the softmax
/// itself underflows.
public struct LogSoftmax: Activation, Registrable {
  public static let name = "log-softmax"
  public static let card = Card(
    "The logarithms of the probabilities that softmax gives, row by row along the last axis.",
    formula: "f(x)ᵢ = xᵢ − log Σⱼ e^xⱼ")

  public init() {}

  /// x − log Σ e^x along the last axis.
  public func callAsFunction(_ x: Variable) -> Variable { x.logSoftmax() }
}
