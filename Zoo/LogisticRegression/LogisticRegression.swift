import AviaryCore
import AviaryData
import AviaryLayers
import AviaryRegistry
import AviaryTraining

/// Softmax regression: one linear unit a class, p = softmax(x·W + b).
public struct LogisticRegression: ModelDefinition, Registrable {
  /// The model's configuration.
  public struct Configuration: ConfigurationFields {
    /// W at the beginning.
    public var weightInitializer: Specification = "zeros"
    /// b at the beginning.
    public var biasInitializer: Specification = "zeros"
    /// What is added to the loss for W.
    public var weightRegularizer: Specification?

    /// From zero, without penalty.
    public init() {}
  }

  /// `"logistic-regression"`.
  public static let name = "logistic-regression"
  /// What is worth knowing.
  public static let card = Card(
    "A linear classifier: one score a class, made probabilities by the softmax.",
    formula: "p = softmax(x·W + b)",
    fields: [
      "weightInitializer": "Draws the initial W [in, classes].",
      "biasInitializer": "Draws the initial b [classes].",
      "weightRegularizer": "What is added to the loss for W; nothing unless given.",
    ],
    references: ["Bishop: Pattern Recognition and Machine Learning (2006), section 4.3"], tags: ["classifier"])

  let output: DenseTemplate

  /// Makes the initializers.
  public init(_ configuration: Configuration, in registries: Registries) throws {
    output = DenseTemplate(
      weight: try registries.make(.initializer, configuration.weightInitializer),
      bias: try registries.make(.initializer, configuration.biasInitializer),
      regularizer: try configuration.weightRegularizer.map { try registries.make(.regularizer, $0) })
  }

  /// Labels: it tells classes apart.
  public var targetKind: TargetKind { .labels }

  /// One dense layer.
  public func network(for task: LearningTask) throws -> any Layer {
    Sequential([output.layer(try task.classCount(of: Self.name))])
  }
}
