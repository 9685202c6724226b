/// The scores of one epoch: a row of `metrics.csv`.
public struct EpochRecord: Sendable, Equatable {
  public var stage: String
  /// The epoch in the stage, from 1.
  public var epoch: Int
  /// Updates made in the stage so far.
  public var step: Int
  /// Values by name: `"train.loss"`, `"train.accuracy"`, `"test.loss"`. Training scores are means over the epoch's
  /// batches, each taken before its update.
  public var values: [String: Double]

  public init(stage: String, epoch: Int, step: Int, values: [String: Double]) {
    self.stage = stage
    self.epoch = epoch
    self.step = step
    self.values = values
  }
}
