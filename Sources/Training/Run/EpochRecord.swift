/// What was measured in one epoch: a row of `metrics.csv`.
public struct EpochRecord: Sendable, Equatable {
  /// The stage.
  public var stage: String
  /// The epoch in the stage, from 1.
  public var epoch: Int
  /// Updates done in the stage.
  public var step: Int
  /// Numbers by name: `"train.loss"`, `"train.accuracy"`, `"test.loss"`; the training rows' are means over the epoch's
  /// batches, each taken before its update.
  public var values: [String: Double]

  /// A record.
  public init(stage: String, epoch: Int, step: Int, values: [String: Double]) {
    self.stage = stage
    self.epoch = epoch
    self.step = step
    self.values = values
  }
}

/// Why a training cannot go on.
public enum TrainingError: Error, Hashable, CustomStringConvertible {
  /// The loss or a gradient is not a number or infinite.
  case diverged(stage: String, epoch: Int, step: Int, what: String)
  /// A stopping rule watches what is not measured.
  case unknownMonitor(String, known: String)
  /// There are no rows to train on.
  case noRows(String)
  /// A folder of a run that cannot be used.
  case folder(String, String)
  /// A checkpoint that does not belong to the recipe, or is damaged.
  case checkpoint(String, String)

  /// What is wrong, and the remedy.
  public var description: String {
    switch self {
    case .diverged(let stage, let epoch, let step, let what):
      "stage '\(stage)', epoch \(epoch), step \(step): \(what) is not finite; lower the learning rate, clip the gradients, "
        + "or look for extreme values in the data"
    case .unknownMonitor(let name, let known):
      "the stopping rule watches '\(name)', which is not measured; measured are: \(known)"
    case .noRows(let set): "the split leaves no row of '\(set)' to train on"
    case .folder(let path, let problem): "\(path): \(problem)"
    case .checkpoint(let path, let problem): "\(path): \(problem)"
    }
  }
}
