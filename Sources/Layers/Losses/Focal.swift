import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// The cross-entropy of a choice among classes that counts what is answered well already the less: from logits z, with
/// p = softmax(z), −Σₖ wₖ·tₖ·(1 − pₖ)^γ·log pₖ for each row.
///
/// With γ = 0 it is ``SoftmaxCrossEntropy``. For yes-or-no outputs there is ``SigmoidFocal``. Outputs [batch, classes]; targets
/// integer labels [batch], or probabilities of the output's shape. (Lin, Goyal, Girshick, He and Dollár: Focal loss for
/// dense object detection, 2017.)
public struct Focal: Loss, Registrable {
  public static let name = "focal"
  public static let card = Card(
    "The cross-entropy of a choice among classes that counts what is answered well already the less, from logits.",
    formula: "−Σₖ wₖ·tₖ·(1 − pₖ)^γ·log pₖ,  p = softmax(z)",
    references: ["Lin, Goyal, Girshick, He, Dollár: Focal loss for dense object detection (2017), arXiv:1708.02002"])

  @Field("Power γ; 0 is the cross-entropy", .nonNegative) var gamma = 2.0
  var weights = ClassWeights()

  public init() {}

  /// γ = 2, and all classes count alike, unless given. Traps on a negative or infinite γ, and on negative weights.
  public init(
    gamma: Double = 2, classWeights: [Double]? = nil, file: StaticString = #fileID, line: UInt = #line
  ) {
    self.gamma = gamma
    weights = ClassWeights(classWeights)
    self = required(file: file, line: line)
  }

  /// Labels: the choice is one of classes.
  public var prefersLabels: Bool? { true }

  /// Logits: the softmax is part of the loss.
  public var outputForm: OutputForm { .logits }

  /// [batch]. Throws ``LossError`` where the targets do not fit, or a label is none of the classes.
  public func callAsFunction(_ output: Variable, _ target: Variable) throws -> Variable {
    let shares = try Targets(loss: Self.name, output: output, target: target).probabilities()
    let (logs, weighted) = (output.logSoftmax(), try weights(shares, of: Self.name))
    let rest = -logs.expm1()
    // Where nothing is left of 1 − p the term is 0, and so are its derivatives, which the power's are not.
    let isLeft = rest .> 0
    let one = Variable(Tensor.ones([], dtype: output.dtype))
    let factor = Variable.where(isLeft, Variable.where(isLeft, rest, one).pow(gamma), one * 0)
    return -(weighted * factor * logs).sum(axes: [1])
  }

  /// The probabilities softmax(z).
  public func predictions(_ output: Tensor) -> Tensor { output.softmax() }
}
