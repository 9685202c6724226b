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
