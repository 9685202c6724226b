import AviaryData
import AviaryLayers
import AviaryRegistry
import AviaryTraining

/// The same as ``LogisticRegression``, under its usual name for more than two classes: p = softmax(x·W + b).
public struct SoftmaxRegression: ModelDefinition, Registrable {
  public static let name = "softmax-regression"
  public static let card = Card(
    "A linear classifier for many classes; the same model as logistic-regression.",
    formula: LogisticRegression.card.formula,
    references: LogisticRegression.card.references, tags: LogisticRegression.card.tags)

  var model = LogisticRegression()

  public init() {}

  public init(
    weightInitializer: any Initializer = Zeros(), biasInitializer: any Initializer = Zeros(),
    weightRegularizer: (any Regularizer)? = nil
  ) {
    model = LogisticRegression(
      weightInitializer: weightInitializer, biasInitializer: biasInitializer, weightRegularizer: weightRegularizer)
  }

  public var targetKind: TargetKind { .labels }

  public func network(for task: LearningTask) throws -> any Layer {
    _ = try task.classCount(of: Self.name)
    return try model.network(for: task)
  }
}
