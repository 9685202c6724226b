import AviaryRegistry

/// How one stage of a training goes: the keys that a recipe may give at its top level, for all stages, or for one stage.
public struct StageSettings: ConfigurationFields {
  /// What is made small.
  public var objective: Specification = "supervised"
  /// The update rule.
  public var optimizer: Specification = "sgd"
  /// The layer that is trained, fed by those before it: its place and label in the model, `"1.rbm"`; null takes the model.
  public var layer: String?
  /// Which parameters are trained: patterns in which `*` stands for any characters.
  public var parameters = ["*"]
  /// The parts whose rows are trained on: `"train"`, `"validation"`.
  public var rows = ["train"]
  /// How often all training rows are gone through, at most.
  public var epochs = 10
  /// Rows a step; null takes all at once.
  public var batchSize: Int? = 32
  /// Draws a new order of the rows for each epoch; otherwise they come in the split's order.
  public var shuffle = true
  /// Leaves out a last batch that is smaller than the others.
  public var dropsLast = false
  /// What is measured beside the loss: whatever is named has to apply to predictions and targets. Null takes the accuracy
  /// where that applies.
  public var metrics: [Specification]?
  /// How gradients are cut before an update; null leaves them alone.
  public var clipping: Specification?
  /// When to stop before the last epoch; null never does.
  public var stopping: Specification?
  /// The parts measured at an epoch's end. With `"train"` among them, the training rows' numbers are measured then and as
  /// the others', in place of the means over the epoch's batches.
  public var evaluate = ["validation", "test"]
  /// Every how many epochs they are measured; the last epoch always is.
  public var evaluateEvery = 1

  /// The defaults.
  public init() {}

  /// The keys.
  static let keys: [String] = (try? ConfigurationValue(encoding: StageSettings()))?.objectValue?.keys ?? []

  /// What each key means, for `describe` and the documentation.
  public static let fields: [String: String] = [
    "objective": "What is made small.",
    "optimizer": "The update rule.",
    "layer": "The layer that is trained, fed by those before it: its place and label, 1.rbm; null takes the model.",
    "parameters": "Which parameters are trained: patterns in which * stands for any characters.",
    "rows": "The parts whose rows are trained on: train, and validation where a second phase takes all.",
    "epochs": "How often all training rows are gone through, at most.",
    "batchSize": "Rows a step; null takes all at once.",
    "shuffle": "Draws a new order of the rows for each epoch.",
    "dropsLast": "Leaves out a last batch that is smaller than the others.",
    "metrics": "What is measured beside the loss; null takes the accuracy where there are labels.",
    "clipping": "How gradients are cut before an update; null leaves them alone.",
    "stopping": "When to stop before the last epoch; null never does.",
    "evaluate": "The parts measured at an epoch's end; train too, if its numbers are not to be means in passing.",
    "evaluateEvery": "Every how many epochs they are measured; the last always is.",
  ]
}
