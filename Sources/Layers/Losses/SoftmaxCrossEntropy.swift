import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// The cross-entropy of a choice among classes, from logits z: −Σₖ tₖ·log softmax(z)ₖ for each row.
///
/// The model's last layer has no activation: the softmax is part of the loss, which so neither overflows nor takes the
/// logarithm of 0. Outputs [batch, classes]; targets integer labels [batch], or probabilities of the output's shape.
public struct SoftmaxCrossEntropy: Loss, Registrable {
  public static let name = "softmax-cross-entropy"
  public static let card = Card(
    "The cross-entropy of a choice among classes, from logits.", formula: "−Σₖ tₖ·log softmax(z)ₖ")

  public init() {}

  /// Labels: the choice is one of classes.
  public var prefersLabels: Bool? { true }

  /// [batch]. Throws ``LossError`` where the targets do not fit, or a label is none of the classes.
  public func callAsFunction(_ output: Variable, _ target: Variable) throws -> Variable {
    let target = try Targets(loss: Self.name, output: output, target: target).labelsOrProbabilities()
    return output.softmaxCrossEntropy(target)
  }

  /// The probabilities softmax(z).
  public func predictions(_ output: Tensor) -> Tensor { output.softmax() }
}
