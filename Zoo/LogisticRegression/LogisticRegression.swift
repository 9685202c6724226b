import AviaryCore
import AviaryData
import AviaryLayers
import AviaryRegistry
import AviaryTraining

/// Softmax regression: one linear unit per class, p = softmax(x·W + b).
public struct LogisticRegression: ModelDefinition, FieldGroup, Registrable {
  public static let name = "logistic-regression"
  public static let card = Card(
    "A linear classifier: one score per class, turned into probabilities by the softmax.",
    formula: "p = softmax(x·W + b)",
    references: ["Bishop: Pattern Recognition and Machine Learning (2006), section 4.3"], tags: ["classifier"])

  var initial = InitialValues()
  @Field(.regularizer, "Penalty on W") var weightRegularizer: (any Regularizer)?

  public init() {}

  public init(
    weightInitializer: any Initializer = Zeros(), biasInitializer: any Initializer = Zeros(),
    weightRegularizer: (any Regularizer)? = nil
  ) {
    initial = InitialValues(weightInitializer, biasInitializer)
    self.weightRegularizer = weightRegularizer
  }

  public var targetKind: TargetKind { .labels }

  public func network(for task: LearningTask) throws -> any Layer {
    Sequential([initial.dense(try task.classCount(of: Self.name), regularizer: weightRegularizer)])
  }
}
