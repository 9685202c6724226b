import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// The cross-entropy of independent yes-or-no outputs, from logits z and targets t in [0, 1]:
/// −(1/K)·Σₖ tₖ·log σ(zₖ) + (1 − tₖ)·log(1 − σ(zₖ)) for a row of K outputs, or their sum.
///
/// The model's last layer has no activation: the sigmoid is part of the loss, which so never takes the logarithm of 0.
/// Targets: numbers from 0 to 1 of the output's shape, or integer labels [batch], which stand for rows of zeros with a one.
/// Beyond that range the sum has no least value: a model that follows it learns nothing, while its loss keeps falling.
public struct SigmoidCrossEntropy: Loss, Registrable {
  public static let name = "sigmoid-cross-entropy"
  public static let card = Card(
    "The cross-entropy of independent yes-or-no outputs, from logits.",
    formula: "−(1/K)·Σₖ tₖ·log σ(zₖ) + (1 − tₖ)·log(1 − σ(zₖ))")

  @Field("What becomes of the K outputs of a row: their mean, or their sum") var reduction = RowReduction.mean

  public init() {}

  /// The mean of a row's elements unless given.
  public init(reduction: RowReduction = .mean) { self.reduction = reduction }

  /// Logits: the sigmoid is part of the loss.
  public var outputForm: OutputForm { .logits }

  /// [batch]. Throws ``LossError`` where the targets do not fit or are not in [0, 1], where the loss has no least value.
  public func callAsFunction(_ output: Variable, _ target: Variable) throws -> Variable {
    let values = try Targets(loss: Self.name, output: output, target: target).shares()
    return reduction(output.sigmoidCrossEntropy(values))
  }

  /// The probabilities σ(z).
  public func predictions(_ output: Tensor) -> Tensor { output.sigmoid() }
}
