import AviaryLayers
import AviaryOptimizers
import AviaryRegistry

/// How one stage of a training goes: the keys that a recipe may give at its top level, for all stages, or for one stage.
///
/// What is named here is made by ``Stage``, when all that is said about a stage has been laid over each other.
public struct StageSettings: FieldGroup {
  @Field(naming: .objective, "What is made small") public var objective: Specification = "supervised"
  @Field(naming: .optimizer, "Update rule; null where the objective finds the parameters itself")
  public var optimizer: Specification? = "sgd"
  @Field("Layer that is trained, fed by those before it: its place and label, 1.rbm; null takes the model")
  public var layer: String?
  @Field("Patterns of the names of the parameters that are trained; * stands for any characters", .nonEmpty)
  public var parameters = ["*"]
  @Field("Parts whose rows are trained on: train, and validation where a second phase takes all", .nonEmpty)
  public var rows = ["train"]
  @Field("How often all training rows are gone through, at most", .nonNegative) public var epochs = 10
  @Field("Rows a step; null takes all at once", .positive) public var batchSize: Int? = 32
  @Field("Draws a new order of the rows for each epoch; otherwise they come in the split's") public var shuffle = true
  @Field("Leaves out a last batch that is smaller than the others") public var dropsLast = false
  @Field(naming: .metric, "What is measured beside the loss; null takes the accuracy where there are labels")
  public var metrics: [Specification]?
  @Field(naming: .clipping, "How gradients are cut before an update; null leaves them alone")
  public var clipping: Specification?
  @Field(naming: .stoppingRule, "When to stop before the last epoch; null never does") public var stopping:
    Specification?
  @Field(
    "Parts measured at an epoch's end, train too if its numbers are not to be means over the epoch's batches; null takes "
      + "those of validation and test that have rows, and train where the objective finds the parameters itself")
  public var evaluate: [String]?
  @Field("Every how many epochs they are measured; the last always is", .positive) public var evaluateEvery = 1

  public init() {}

  /// The parts exist, and each is named once.
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

  /// The keys.
  static let keys = StageSettings().schema.map(\.name)
  /// Those that say how an optimizer follows gradients.
  static let descentKeys = ["optimizer", "clipping"]
}
