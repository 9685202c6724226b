import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// The cross-entropy of a choice among classes, from logits z: −Σₖ wₖ·t′ₖ·log softmax(z)ₖ for each row, t′ the targets t, of
/// which label smoothing gives a share ε to all K classes alike: t′ = (1 − ε)·t + ε/K.
///
/// The model's last layer has no activation: the softmax is part of the loss, which so neither overflows nor takes the
/// logarithm of 0. Outputs [batch, classes]; targets integer labels [batch], or probabilities of the output's shape. The
/// batch's loss is the mean over its rows, as in Keras; PyTorch divides by the sum of the rows' weights instead.
public struct SoftmaxCrossEntropy: Loss, Registrable {
  public static let name = "softmax-cross-entropy"
  public static let card = Card(
    "The cross-entropy of a choice among classes, from logits.",
    formula: "−Σₖ wₖ·t′ₖ·log softmax(z)ₖ,  t′ = (1 − ε)·t + ε/K",
    references: ["Szegedy et al.: Rethinking the Inception architecture (2016), arXiv:1512.00567, for ε"])

  @Field("Share ε of the targets that all classes get alike", .in(0..<1)) var labelSmoothing = 0.0
  var weights = ClassWeights()

  public init() {}

  /// No smoothing, and all classes count alike, unless given. Traps on a share that is not in 0..<1, and on negative weights.
  public init(
    labelSmoothing: Double, classWeights: [Double]? = nil, file: StaticString = #fileID, line: UInt = #line
  ) {
    self.labelSmoothing = labelSmoothing
    weights = ClassWeights(classWeights)
    self = required(file: file, line: line)
  }

  /// Labels: the choice is one of classes.
  public var prefersLabels: Bool? { true }

  /// Logits: the softmax is part of the loss.
  public var outputForm: OutputForm { .logits }

  /// [batch]. Throws ``LossError`` where the targets do not fit, or a label is none of the classes.
  public func callAsFunction(_ output: Variable, _ target: Variable) throws -> Variable {
    let targets = Targets(loss: Self.name, output: output, target: target)
    if labelSmoothing == 0, weights.classWeights == nil {
      return output.softmaxCrossEntropy(try targets.labelsOrProbabilities())
    }
    let smoothed = try targets.probabilities() * (1 - labelSmoothing) + labelSmoothing / Double(output.shape[1])
    return -(try weights(smoothed, of: Self.name) * output.logSoftmax()).sum(axes: [1])
  }

  /// The probabilities softmax(z).
  public func predictions(_ output: Tensor) -> Tensor { output.softmax() }
}
