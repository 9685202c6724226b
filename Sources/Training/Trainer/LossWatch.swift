import AviaryData
import AviaryLayers

/// Tells of a training whose loss is finite, and yet beyond what an answer has that is the same for every row.
struct LossWatch {
  /// So many rows tell what such an answer has.
  private static let rowCount = 10_000
  /// An epoch's loss is told at once from so many times on; any epoch's mean contains its bad beginning.
  private static let factor = 10.0
  /// The last epoch's loss is told from so many times on, unless it is the first, too.
  private static let lastFactor = 1.25

  private let constantLoss: Double?
  private let stage: String

  init(_ stage: Stage, _ part: Model, _ rows: DataSet) throws {
    let sample = rows.count <= Self.rowCount ? rows : rows.subset(Array(0..<Self.rowCount))
    constantLoss = try stage.objective.constantLoss(part, on: sample)
    self.stage = stage.name
  }

  /// What is to be said after an epoch, which may be the stage's last; nil where nothing is.
  func warning(after record: EpochRecord, isLast: Bool) -> String? {
    guard let constantLoss, constantLoss > 0, let loss = record.values["train.loss"] else { return nil }
    let ratio = loss / constantLoss
    guard ratio > Self.factor || isLast && record.epoch > 1 && ratio > Self.lastFactor else { return nil }
    return
      "stage '\(stage)': the training loss of epoch \(record.epoch), \(loss.fixed(4)), is worse than that of the same "
      + "answer for every row, \(constantLoss.fixed(4)); lower the learning rate, clip the gradients, or scale inputs and targets"
  }
}
