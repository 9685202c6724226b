import AviaryData
import AviaryLayers
import AviaryRegistry
import AviaryTraining

/// ``LogisticRegression`` under the name it has for many classes: p = softmax(x·W + b).
public struct SoftmaxRegression: ModelDefinition, Registrable {
  /// That of the same model.
  public typealias Configuration = LogisticRegression.Configuration

  /// `"softmax-regression"`.
  public static let name = "softmax-regression"
  /// What is worth knowing.
  public static let card = Card(
    "A linear classifier of many classes; the same model as logistic-regression.",
    formula: LogisticRegression.card.formula, fields: LogisticRegression.card.fields,
    references: LogisticRegression.card.references, tags: LogisticRegression.card.tags)

  let model: LogisticRegression

  /// Makes the initializers.
  public init(_ configuration: Configuration, in registries: Registries) throws {
    model = try LogisticRegression(configuration, in: registries)
  }

  /// Labels: it tells classes apart.
  public var targetKind: TargetKind { .labels }

  /// One dense layer.
  public func network(for task: LearningTask) throws -> any Layer { try model.network(for: task) }
}
