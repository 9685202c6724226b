import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// Probabilities from any numbers, row by row along the last axis: f(x)ᵢ = e^xᵢ / Σⱼ e^xⱼ, without overflow.
///
/// For training, leave the logits as they are and use ``SoftmaxCrossEntropy``, which is exact where probabilities vanish.
public struct Softmax: Activation, Registrable {
  public static let name = "softmax"
  public static let card = Card(
    "Probabilities from any numbers, row by row along the last axis.", formula: "f(x)ᵢ = e^xᵢ / Σⱼ e^xⱼ")

  public init() {}

  /// e^x / Σ e^x along the last axis.
  public func callAsFunction(_ x: Variable) -> Variable { x.softmax() }
}
