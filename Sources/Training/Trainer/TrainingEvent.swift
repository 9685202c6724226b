import AviaryLayers

/// What a training tells while it runs: for progress bars, logs and reports.
public enum TrainingEvent: Sendable {
  /// The data are there and the model is built: a summary of both.
  case prepared(model: String, rows: [(part: String, count: Int)])
  /// Something to know: what was guessed or left out when the data were read, or what is different since a run was saved.
  case note(String)
  /// The training continues but probably goes wrong: its loss is worse than that of a constant prediction, or has risen
  /// again, or the model predicts the same for every row. At most once per stage; the rules stand on the module's page,
  /// ``AviaryTraining``.
  case warning(String)
  /// A stage begins.
  case stageBegan(name: String, epochs: Int)
  /// A batch is done.
  case batchEnded(BatchProgress)
  /// An epoch is done, in so many seconds.
  case epochEnded(EpochRecord, seconds: Double)
  /// A stage is done; `stoppedEarly` by its stopping rule.
  case stageEnded(name: String, stoppedEarly: Bool)
  /// The run was saved to its folder.
  case saved(folder: String)
}

/// Where an epoch stands.
public struct BatchProgress: Sendable {
  /// The stage.
  public var stage: String
  /// The epoch, from 1.
  public var epoch: Int
  /// How many epochs there are at most.
  public var epochs: Int
  /// Batches of this epoch that are done.
  public var batch: Int
  /// Batches of an epoch.
  public var batches: Int
  /// Rows of this epoch that are done, since the training began or was resumed.
  public var rows: Int
  /// Means over the epoch so far: `"loss"`, `"accuracy"`.
  public var values: [String: Double]
}

/// What a training came to.
public struct TrainingResult: Sendable {
  /// The trained model.
  public var model: Model
  /// What was measured in each epoch.
  public var history: [EpochRecord]
  /// The model's scores by part, `"train"`, `"validation"`, `"test"`, in inference, as the last stage measures them. Empty
  /// where the training was stopped and ``Trainer/Options/measuresWhenStopped`` is false.
  public var scores: [String: Measurement]
  /// What the training told as ``TrainingEvent/warning(_:)``.
  public var warnings: [String] = []
  /// Whether it was stopped from outside before its end.
  public var isInterrupted: Bool
  /// Epochs done, over all stages.
  public var epochs: Int { history.count }
}
