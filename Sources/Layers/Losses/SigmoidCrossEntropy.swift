import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// The binary cross-entropy, from logits z and targets t in [0, 1].
///
///     −(1/K)·Σₖ tₖ·log σ(zₖ) + (1 − tₖ)·log(1 − σ(zₖ))        (K outputs per row; or their sum)
///
/// The model's last layer has no activation, because the loss includes the sigmoid; it never takes the logarithm of 0.
/// Targets: numbers from 0 to 1 of the output's shape, or integer labels [batch], which become one-hot rows. Outside
/// that range the loss has no minimum: it would keep falling while the model learns nothing.
public struct SigmoidCrossEntropy: Loss, Registrable {
  public static let name = "sigmoid-cross-entropy"
  public static let card = Card(
    "The binary cross-entropy of independent outputs, from logits.",
    formula: "−(1/K)·Σₖ tₖ·log σ(zₖ) + (1 − tₖ)·log(1 − σ(zₖ))")

  @Field("Reduction over a row's K outputs: mean or sum") var reduction = RowReduction.mean

  public init() {}

  public init(reduction: RowReduction = .mean) { self.reduction = reduction }

  /// Logits, because the loss includes the sigmoid.
  public var outputForm: OutputForm { .logits }

  /// The loss of each row, [batch]. Throws ``LossError`` if the targets do not match or are not in [0, 1].
  public func callAsFunction(_ output: Variable, _ target: Variable) throws -> Variable {
    let values = try Targets(loss: Self.name, output: output, target: target).shares()
    return reduction(output.sigmoidCrossEntropy(values))
  }

  /// √(σ·(1 − σ)) ⊙ z; divided by √K for the mean.
  public func curvatureRoot(_ output: Tensor, _ target: Tensor, times z: Tensor) -> Tensor? {
    let p = output.sigmoid()
    return (p * (1 - p)).sqrt() * z * reduction.share(of: output.shape).squareRoot()
  }

  /// The probabilities `σ(z)`.
  public func predictions(_ output: Tensor) -> Tensor { output.sigmoid() }
}
