import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// How unlikely the true class is, from the logarithms y of the classes' probabilities: −Σₖ wₖ·tₖ·yₖ for each row.
///
/// The model's last layer ends with ``LogSoftmax``, so that both together are ``SoftmaxCrossEntropy``, which takes the numbers
/// before it and is faster. Outputs [batch, classes]; targets integer labels [batch], or probabilities of the output's shape.
/// The batch's loss is the mean over its rows; PyTorch divides by the sum of the rows' weights instead.
public struct NegativeLogLikelihood: Loss, Registrable {
  public static let name = "negative-log-likelihood"
  public static let aliases = ["nll"]
  public static let card = Card(
    "How unlikely the true class is, from the logarithms of the classes' probabilities.", formula: "−Σₖ wₖ·tₖ·yₖ")

  var weights = ClassWeights()

  public init() {}

  /// All classes count alike unless given. Traps on negative weights.
  public init(classWeights: [Double]?, file: StaticString = #fileID, line: UInt = #line) {
    weights = ClassWeights(classWeights)
    self = required(file: file, line: line)
  }

  /// Labels: the choice is one of classes.
  public var prefersLabels: Bool? { true }

  /// Logarithms of probabilities.
  public var outputForm: OutputForm { .logProbabilities }

  /// [batch]. Throws ``LossError`` where the targets do not fit, or a label is none of the classes.
  public func callAsFunction(_ output: Variable, _ target: Variable) throws -> Variable {
    let shares = try Targets(loss: Self.name, output: output, target: target).probabilities()
    return -(try weights(shares, of: Self.name) * output).sum(axes: [1])
  }

  /// The probabilities eʸ.
  public func predictions(_ output: Tensor) -> Tensor { output.exp() }
}
