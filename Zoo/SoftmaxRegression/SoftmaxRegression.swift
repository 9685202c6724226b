import AviaryData
import AviaryLayers
import AviaryRegistry
import AviaryTraining

/// ``LogisticRegression`` under the name it has for many classes: p = softmax(x·W + b).
public struct SoftmaxRegression: ModelDefinition, Registrable {
  public static let name = "softmax-regression"
  public static let card = Card(
    "A linear classifier of many classes; the same model as logistic-regression.",
    formula: LogisticRegression.card.formula,
    references: LogisticRegression.card.references, tags: LogisticRegression.card.tags)

  var model = LogisticRegression()

  public init() {}

  /// A linear classifier.
  public init(
    weightInitializer: any Initializer = Zeros(), biasInitializer: any Initializer = Zeros(),
    weightRegularizer: (any Regularizer)? = nil
  ) {
    model = LogisticRegression(
      weightInitializer: weightInitializer, biasInitializer: biasInitializer, weightRegularizer: weightRegularizer)
  }

  /// Labels: it tells classes apart.
  public var targetKind: TargetKind { .labels }

  /// One dense layer.
  public func network(for task: LearningTask) throws -> any Layer {
    _ = try task.classCount(of: Self.name)
    return try model.network(for: task)
  }
}
