import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// The focal loss for classes: cross-entropy with less weight on well-classified examples, from logits z.
///
///     −Σₖ wₖ·tₖ·(1 − pₖ)^γ·log pₖ,   p = softmax(z)
///
/// With γ = 0 it is ``SoftmaxCrossEntropy``. For binary outputs use ``SigmoidFocal``. Outputs [batch, classes]; targets
/// integer labels [batch], or probabilities of the output's shape. (Lin, Goyal, Girshick, He and Dollár: Focal loss for
/// dense object detection, 2017.)
public struct Focal: Loss, Registrable {
  public static let name = "focal"
  public static let card = Card(
    "The focal loss for classes: cross-entropy with less weight on well-classified examples, from logits.",
    formula: "−Σₖ wₖ·tₖ·(1 − pₖ)^γ·log pₖ,  p = softmax(z)",
    references: ["Lin, Goyal, Girshick, He, Dollár: Focal loss for dense object detection (2017), arXiv:1708.02002"])

  @Field("Power γ; 0 is the cross-entropy", .nonNegative) var gamma = 2.0
  var weights = ClassWeights()

  public init() {}

  /// Traps on a negative or infinite γ, and on negative weights.
  public init(
    gamma: Double = 2, classWeights: [Double]? = nil, file: StaticString = #fileID, line: UInt = #line
  ) {
    self.gamma = gamma
    weights = ClassWeights(classWeights)
    self = required(file: file, line: line)
  }

  public var prefersLabels: Bool? { true }

  /// Logits, because the loss includes the softmax.
  public var outputForm: OutputForm { .logits }

  /// The loss of each row, [batch]. Throws ``LossError`` if the targets do not match or a label is out of range.
  public func callAsFunction(_ output: Variable, _ target: Variable) throws -> Variable {
    let shares = try Targets(loss: Self.name, output: output, target: target).probabilities()
    let (logs, weighted) = (output.logSoftmax(), try weights(shares, of: Self.name))
    let rest = -logs.expm1()
    // If 1 − p is 0, the term and its derivatives are 0, but those of the power are not.
    let isLeft = rest .> 0
    let one = Variable(Tensor.ones([], dtype: output.dtype))
    let factor = Variable.where(isLeft, Variable.where(isLeft, rest, one).pow(gamma), one * 0)
    return -(weighted * factor * logs).sum(axes: [1])
  }

  /// The probabilities `softmax(z)`.
  public func predictions(_ output: Tensor) -> Tensor { output.softmax() }
}
