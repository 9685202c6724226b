import AviaryLayers
import AviaryOptimizers
import AviaryRegistry

/// The settings of a training stage: the keys that a recipe may set at its top level for all stages, or for one stage.
///
/// ``Stage`` makes what they name, after all layers of settings are merged.
public struct StageSettings: FieldGroup {
  @Field(naming: .objective, "Objective to minimize") public var objective: Specification = "supervised"
  @Field(naming: .optimizer, "Optimizer; null if the objective fits the parameters itself")
  public var optimizer: Specification? = "sgd"
  @Field("Changes to the optimizer's configuration for groups of parameters, by name pattern; null for none")
  public var groups: ParameterGroups?
  @Field("Layer to train, fed by those before it: its index and label, such as 1.rbm; null trains the whole model")
  public var layer: String?
  @Field("Name patterns of the parameters to train; * matches any characters", .nonEmpty)
  public var parameters = ["*"]
  @Field("Parts to train on: train, and also validation for a second phase on all rows", .nonEmpty)
  public var rows = ["train"]
  @Field("Maximum number of passes over the training rows", .nonNegative) public var epochs = 10
  @Field("Rows per step; null takes all at once", .positive) public var batchSize: Int? = 32
  @Field("Whether to shuffle the rows in each epoch") public var shuffle = true
  @Field("Whether to drop a smaller last batch") public var dropsLast = false
  @Field(naming: .metric, "Metrics besides the loss; null takes the accuracy if there are labels")
  public var metrics: [Specification]?
  @Field(naming: .clipping, "How to clip gradients before an update; null does not clip")
  public var clipping: Specification?
  @Field(naming: .stoppingRule, "When to stop before the last epoch; null never stops early") public var stopping:
    Specification?
  @Field(
    "Parts to evaluate after an epoch, including train to replace its means over the epoch's batches; null takes "
      + "validation and test if they have rows, and train if the objective fits the parameters itself")
  public var evaluate: [String]?
  @Field("Epochs between evaluations; the last epoch is always evaluated", .positive) public var evaluateEvery = 1

  public init() {}

  /// Checks that the parts exist and are named only once.
  public func validate() throws {
    for (field, parts, known) in [
      ("rows", rows, ["train", "validation"]), ("evaluate", evaluate ?? [], ["train", "validation", "test"]),
    ] {
      for (index, part) in parts.enumerated() {
        let path: ConfigurationPath = [.key(field), .index(index)]
        try Check.that(known.contains(part), path, "one of \(known.joined(separator: ", "))", found: part)
        try Check.that(!parts[..<index].contains(part), path, "each part once", found: part)
      }
    }
  }

  static let keys = StageSettings().schema.map(\.name)
  /// The keys about following gradients with an optimizer.
  static let descentKeys = ["optimizer", "groups", "clipping"]
}
