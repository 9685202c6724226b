import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// The negative log-likelihood of the true class, from log-probabilities y.
///
///     −Σₖ wₖ·tₖ·yₖ
///
/// The model's last layer must end with ``LogSoftmax``; ``SoftmaxCrossEntropy`` computes both in one and is faster.
/// Outputs [batch, classes]; targets integer labels [batch], or probabilities of the output's shape. The batch's loss
/// is the mean over its rows; PyTorch divides by the sum of the rows' weights instead.
public struct NegativeLogLikelihood: Loss, Registrable {
  public static let name = "negative-log-likelihood"
  public static let aliases = ["nll"]
  public static let card = Card(
    "The negative log-likelihood of the true class, from log-probabilities.", formula: "−Σₖ wₖ·tₖ·yₖ")

  var weights = ClassWeights()

  public init() {}

  /// Traps on negative weights.
  public init(classWeights: [Double]?, file: StaticString = #fileID, line: UInt = #line) {
    weights = ClassWeights(classWeights)
    self = required(file: file, line: line)
  }

  public var prefersLabels: Bool? { true }

  /// Log-probabilities.
  public var outputForm: OutputForm { .logProbabilities }

  /// The loss of each row, [batch]. Throws ``LossError`` if the targets do not match or a label is out of range.
  public func callAsFunction(_ output: Variable, _ target: Variable) throws -> Variable {
    let shares = try Targets(loss: Self.name, output: output, target: target).probabilities()
    return -(try weights(shares, of: Self.name) * output).sum(axes: [1])
  }

  /// The probabilities `eʸ`.
  public func predictions(_ output: Tensor) -> Tensor { output.exp() }
}
