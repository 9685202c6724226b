import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// The cross-entropy of classes, from logits z, optionally with label smoothing ε.
///
///     −Σₖ wₖ·t′ₖ·log softmax(z)ₖ,   t′ = (1 − ε)·t + ε/K
///
/// The model's last layer has no activation, because the loss includes the softmax; it neither overflows nor takes the
/// logarithm of 0. Outputs [batch, classes]; targets integer labels [batch], or probabilities of the output's shape.
/// The batch's loss is the mean over its rows, as in Keras; PyTorch divides by the sum of the rows' weights instead.
public struct SoftmaxCrossEntropy: Loss, Registrable {
  public static let name = "softmax-cross-entropy"
  public static let card = Card(
    "The cross-entropy of classes, from logits.",
    formula: "−Σₖ wₖ·t′ₖ·log softmax(z)ₖ,  t′ = (1 − ε)·t + ε/K",
    references: ["Szegedy et al.: Rethinking the Inception architecture (2016), arXiv:1512.00567, for ε"])

  @Field("Fraction ε of the target distributed evenly over all classes", .in(0..<1)) var labelSmoothing = 0.0
  var weights = ClassWeights()

  public init() {}

  /// Traps on a smoothing outside 0..<1, and on negative weights.
  public init(
    labelSmoothing: Double, classWeights: [Double]? = nil, file: StaticString = #fileID, line: UInt = #line
  ) {
    self.labelSmoothing = labelSmoothing
    weights = ClassWeights(classWeights)
    self = required(file: file, line: line)
  }

  public var prefersLabels: Bool? { true }

  /// Logits, because the loss includes the softmax.
  public var outputForm: OutputForm { .logits }

  /// The loss of each row, [batch]. Throws ``LossError`` if the targets do not match or a label is out of range.
  public func callAsFunction(_ output: Variable, _ target: Variable) throws -> Variable {
    let targets = Targets(loss: Self.name, output: output, target: target)
    if labelSmoothing == 0, weights.classWeights == nil {
      return output.softmaxCrossEntropy(try targets.labelsOrProbabilities())
    }
    let smoothed = try targets.probabilities() * (1 - labelSmoothing) + labelSmoothing / Double(output.shape[1])
    return -(try weights(smoothed, of: Self.name) * output.logSoftmax()).sum(axes: [1])
  }

  /// √p ⊙ z − p·⟨√p, z⟩ for the probabilities p; nil with class weights.
  public func curvatureRoot(_ output: Tensor, _ target: Tensor, times z: Tensor) -> Tensor? {
    guard weights.classWeights == nil else { return nil }
    let p = output.softmax()
    let root = p.sqrt()
    return root * z - p * (root * z).sum(axes: [-1], keepingDimensions: true)
  }

  /// The probabilities `softmax(z)`.
  public func predictions(_ output: Tensor) -> Tensor { output.softmax() }
}
