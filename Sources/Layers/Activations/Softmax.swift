import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// Turns numbers into probabilities over the last axis, without overflow.
///
///     f(x)ᵢ = e^xᵢ / Σⱼ e^xⱼ
///
/// For training, output the logits and use ``SoftmaxCrossEntropy``, which is exact for vanishing probabilities.
public struct Softmax: Activation, Registrable {
  public static let name = "softmax"
  public static let card = Card(
    "Turns numbers into probabilities over the last axis.", formula: "f(x)ᵢ = e^xᵢ / Σⱼ e^xⱼ")

  public init() {}

  public func callAsFunction(_ x: Variable) -> Variable { x.softmax() }
}
