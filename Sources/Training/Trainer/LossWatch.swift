import AviaryCore
import AviaryData
import AviaryLayers

/// Tells of a training that goes on without an error and without a use: its loss is finite, and yet beyond what an answer
/// has that is the same for every row; it has risen again; or the model has come to give the same answer for every row.
package struct LossWatch {
  /// So many rows tell what such an answer has.
  private static let rowCount = 10_000
  /// An epoch's loss is told at once from so many times on; any epoch's mean contains its bad beginning.
  private static let factor = 10.0
  /// The last epoch's loss is told from so many times on. That of a first epoch contains its bad beginning: there the loss
  /// measured after it has to be as great.
  private static let lastFactor = 1.25
  /// The last epoch's loss is told as well where it is so many times the least one, and at least this share of the constant
  /// answer's.
  private static let (risenFactor, risenShare) = (2.0, 0.75)
  /// So many rows tell whether a model answers all alike; fewer than the least number may be answered so by right.
  private static let (answeredCount, leastAnsweredCount) = (256, 10)

  private static let remedy = "lower the learning rate, clip the gradients, or scale inputs and targets"

  private let constantLoss: Double?
  private let stage: Stage
  private let sample: DataSet

  package init(_ stage: Stage, _ part: Model, _ rows: DataSet) throws {
    let sample = rows.count <= Self.rowCount ? rows : rows.subset(Array(0..<Self.rowCount))
    constantLoss = try stage.objective.constantLoss(part, on: sample)
    self.stage = stage
    self.sample = sample.subset(Array(0..<min(Self.answeredCount, sample.count)))
  }

  /// Looks at the last of a stage's epochs so far, which may be its end.
  ///
  /// - Parameters:
  ///   - records: the stage's epochs so far; before its end the last one is enough.
  ///   - isLast: whether the stage ends here.
  ///   - part: what the stage trains, as it is now.
  /// - Returns: what is to be said; nil where nothing is.
  package func warning(after records: [EpochRecord], isLast: Bool, _ part: Model) -> String? {
    guard let constantLoss, constantLoss > 0, let record = records.last, let loss = record.values["train.loss"] else {
      return nil
    }
    if loss / constantLoss > Self.factor || isLast && isBeyond(constantLoss * Self.lastFactor, record) {
      return
        "stage '\(stage.name)': the training loss of epoch \(record.epoch), \(loss.fixed(4)), is worse than that of the "
        + "same answer for every row, \(constantLoss.fixed(4)); \(Self.remedy)"
    }
    guard isLast else { return nil }
    if stage.stopping?.restoresBest != true, loss > constantLoss * Self.risenShare,
      let best = records.min(by: { $0.values["train.loss"] ?? .infinity < $1.values["train.loss"] ?? .infinity }),
      let least = best.values["train.loss"], loss > least * Self.risenFactor
    {
      return
        "stage '\(stage.name)': the training loss has risen again, from \(least.fixed(4)) in epoch \(best.epoch) to "
        + "\(loss.fixed(4)) in epoch \(record.epoch); \(Self.remedy), or stop early"
    }
    guard loss > constantLoss * Self.risenShare, answersAllAlike(part) else { return nil }
    return
      "stage '\(stage.name)': the model gives the same answer for every row, whatever its inputs; its units are dead or "
      + "saturated: \(Self.remedy), or choose other initial values"
  }

  /// Whether the epoch's loss is above a limit, and in a first epoch also the loss that was measured after it, if any was.
  private func isBeyond(_ limit: Double, _ record: EpochRecord) -> Bool {
    guard let loss = record.values["train.loss"], loss > limit else { return false }
    if record.epoch > 1 { return true }
    let after = ["validation.loss", "test.loss"].compactMap { record.values[$0] }
    return !after.isEmpty && after.allSatisfy { $0 > limit }
  }

  /// Whether outputs are the same to the last bit for rows that are not.
  private func answersAllAlike(_ part: Model) -> Bool {
    func areAlike(_ rows: Tensor) -> Bool {
      let rows = rows.reshaped(to: [rows.shape[0], -1])
      return rows.max(axes: [0]).scalars(as: Double.self) == rows.min(axes: [0]).scalars(as: Double.self)
    }
    return sample.count >= Self.leastAnsweredCount && !areAlike(sample.inputs) && areAlike(part(sample.inputs))
  }
}
