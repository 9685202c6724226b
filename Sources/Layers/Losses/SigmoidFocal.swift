import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// The binary focal loss: cross-entropy with less weight on well-classified examples, from logits z and targets t in
/// [0, 1].
///
///     −(1/K)·Σₖ α·tₖ·(1 − pₖ)^γ·log pₖ + (1 − α)·(1 − tₖ)·pₖ^γ·log(1 − pₖ),   p = σ(z)
///
/// The loss of a row with K outputs is their mean, or their sum. With γ = 0 and α = ½ it is half of
/// ``SigmoidCrossEntropy``. For targets of 0 and 1 it is torchvision's `sigmoid_focal_loss`. (Lin, Goyal, Girshick, He
/// and Dollár: Focal loss for dense object detection, 2017.)
public struct SigmoidFocal: Loss, Registrable {
  public static let name = "sigmoid-focal"
  public static let card = Card(
    "The binary focal loss: cross-entropy with less weight on well-classified examples, from logits.",
    formula: "−(1/K)·Σₖ α·tₖ·(1 − pₖ)^γ·log pₖ + (1 − α)·(1 − tₖ)·pₖ^γ·log(1 − pₖ),  p = σ(z)",
    references: ["Lin, Goyal, Girshick, He, Dollár: Focal loss for dense object detection (2017), arXiv:1708.02002"])

  @Field("Power γ; 0 is the weighted cross-entropy", .nonNegative) var gamma = 2.0
  @Field("Weight α of positive targets; negative ones have 1 − α", .in(0...1)) var alpha = 0.25
  @Field("Reduction over a row's K outputs: mean or sum") var reduction = RowReduction.mean

  public init() {}

  /// Traps on a negative γ and on an α outside 0...1.
  public init(
    gamma: Double = 2, alpha: Double = 0.25, reduction: RowReduction = .mean, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    self.gamma = gamma
    self.alpha = alpha
    self.reduction = reduction
    self = required(file: file, line: line)
  }

  /// Logits, because the loss includes the sigmoid.
  public var outputForm: OutputForm { .logits }

  /// The loss of each row, [batch]. Throws ``LossError`` if the targets do not match or are not in [0, 1].
  public func callAsFunction(_ output: Variable, _ target: Variable) throws -> Variable {
    let shares = try Targets(loss: Self.name, output: output, target: target).shares()
    // (1 − p)^γ = e^(γ·log σ(−z)) has derivatives everywhere.
    let (yes, no) = (output.logSigmoid(), (-output).logSigmoid())
    let ofYes = shares * (no * gamma).exp() * yes * alpha
    let ofNo = (1 - shares) * (yes * gamma).exp() * no * (1 - alpha)
    return reduction(-(ofYes + ofNo))
  }

  /// The probabilities `σ(z)`.
  public func predictions(_ output: Tensor) -> Tensor { output.sigmoid() }
}
