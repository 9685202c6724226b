import AviaryLayers

/// An event of a training, for progress bars, logs and reports.
public enum TrainingEvent: Sendable {
  /// The data is loaded and the model is built: a summary of both.
  case prepared(model: String, rows: [(part: String, count: Int)])
  /// A note: what was guessed or skipped in reading the data, or what has changed since a run was saved.
  case note(String)
  /// The training continues but probably goes wrong: its loss is worse than that of a constant prediction, or has risen
  /// again, or the model predicts the same for every row. At most once per stage; the module's page ``AviaryTraining``
  /// has the rules.
  case warning(String)
  /// A stage begins.
  case stageBegan(name: String, epochs: Int)
  /// A batch has ended.
  case batchEnded(BatchProgress)
  /// An epoch has ended, with its duration in seconds.
  case epochEnded(EpochRecord, seconds: Double)
  /// A stage has ended; `stoppedEarly` if its stopping rule ended it.
  case stageEnded(name: String, stoppedEarly: Bool)
  /// The run was saved to its folder.
  case saved(folder: String)
}

/// The progress within an epoch.
public struct BatchProgress: Sendable {
  public var stage: String
  /// The epoch, from 1.
  public var epoch: Int
  /// The maximum number of epochs.
  public var epochs: Int
  /// Batches of this epoch done so far.
  public var batch: Int
  /// Batches per epoch.
  public var batches: Int
  /// Rows of this epoch done since the training began or was resumed.
  public var rows: Int
  /// Means over the epoch so far: `"loss"`, `"accuracy"`.
  public var values: [String: Double]
}

/// The result of a training.
public struct TrainingResult: Sendable {
  public var model: Model
  /// The scores of each epoch.
  public var history: [EpochRecord]
  /// The model's scores in inference by part (`"train"`, `"validation"`, `"test"`), as the last stage evaluates them.
  /// Empty if the training was stopped and ``Trainer/Options/measuresWhenStopped`` is false.
  public var scores: [String: Measurement]
  /// The warnings, reported as ``TrainingEvent/warning(_:)``.
  public var warnings: [String] = []
  /// Whether the training was stopped before its end.
  public var isInterrupted: Bool
  /// The number of epochs, over all stages.
  public var epochs: Int { history.count }
}
