import AviaryCore
import AviaryData
import AviaryLayers
import AviaryRegistry
import AviaryTraining

/// Softmax regression: one linear unit a class, p = softmax(x·W + b).
public struct LogisticRegression: ModelDefinition, FieldGroup, Registrable {
  public static let name = "logistic-regression"
  public static let card = Card(
    "A linear classifier: one score a class, made probabilities by the softmax.",
    formula: "p = softmax(x·W + b)",
    references: ["Bishop: Pattern Recognition and Machine Learning (2006), section 4.3"], tags: ["classifier"])

  var initial = InitialValues()
  @Field(.regularizer, "Penalty of W") var weightRegularizer: (any Regularizer)?

  public init() {}

  /// A linear classifier.
  public init(
    weightInitializer: any Initializer = Zeros(), biasInitializer: any Initializer = Zeros(),
    weightRegularizer: (any Regularizer)? = nil
  ) {
    initial = InitialValues(weightInitializer, biasInitializer)
    self.weightRegularizer = weightRegularizer
  }

  /// Labels: it tells classes apart.
  public var targetKind: TargetKind { .labels }

  /// One dense layer.
  public func network(for task: LearningTask) throws -> any Layer {
    Sequential([initial.dense(try task.classCount(of: Self.name), regularizer: weightRegularizer)])
  }
}
