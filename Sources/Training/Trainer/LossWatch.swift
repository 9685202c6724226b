import AviaryCore
import AviaryData
import AviaryLayers

/// Warns about a training that runs without errors but learns nothing: its loss is finite but worse than that of a
/// constant prediction, it has risen again, or the model predicts the same for every row.
package struct LossWatch {
  /// The maximum number of rows to fit the constant prediction to.
  private static let rowCount = 10_000
  /// A loss this many times the constant prediction's causes a warning after any epoch, although its mean includes a
  /// bad start.
  private static let factor = 10.0
  /// A loss this many times the constant prediction's causes a warning after the last epoch. If that is also the first,
  /// its mean includes a bad start, so the loss measured after it must also be this large.
  private static let lastFactor = 1.25
  /// The last epoch's loss also causes a warning if it is this many times the smallest one, and at least this fraction
  /// of the constant prediction's.
  private static let (risenFactor, risenShare) = (2.0, 0.75)
  /// The number of rows used to check whether all predictions are equal, and the minimum number: those of a few rows
  /// may rightly be equal.
  private static let (answeredCount, leastAnsweredCount) = (256, 10)

  private static let remedy = "lower the learning rate, clip gradients, or scale inputs and targets"

  /// For a loss that falls from epoch to epoch, but not far enough.
  private static let slowRemedy =
    "it is still falling: train longer, raise the learning rate, or scale inputs and targets"

  private let constantLoss: Double?
  private let stage: Stage
  private let sample: DataSet

  package init(_ stage: Stage, _ part: Model, _ rows: DataSet) throws {
    let sample = rows.count <= Self.rowCount ? rows : rows.subset(Array(0..<Self.rowCount))
    constantLoss = try stage.objective.constantLoss(part, on: sample)
    self.stage = stage
    self.sample = sample.subset(Array(0..<min(Self.answeredCount, sample.count)))
  }

  /// Checks the last of a stage's epochs so far, which may be its end.
  ///
  /// - Parameters:
  ///   - records: the stage's epochs so far; before its end the last one is enough.
  ///   - isLast: whether the stage ends here.
  ///   - part: what the stage trains, in its current state.
  /// - Returns: the warning, if any.
  /// - Throws: `LayerError` for values that a layer refuses.
  package func warning(after records: [EpochRecord], isLast: Bool, _ part: Model) throws -> String? {
    guard let constantLoss, constantLoss > 0, let record = records.last, let loss = record.values["train.loss"] else {
      return nil
    }
    if loss / constantLoss > Self.factor || isLast && isBeyond(constantLoss * Self.lastFactor, record) {
      let losses = records.compactMap { $0.values["train.loss"] }
      let isFalling = isLast && losses.count > 1 && zip(losses, losses.dropFirst()).allSatisfy { $0 > $1 }
      return
        "stage '\(stage.name)': after epoch \(record.epoch) the training loss is \(loss.fixed(4)), worse than "
        + "\(constantLoss.fixed(4)) for a constant prediction; \(isFalling ? Self.slowRemedy : Self.remedy)"
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
    guard loss > constantLoss * Self.risenShare, try answersAllAlike(part) else { return nil }
    return
      "stage '\(stage.name)': the model predicts the same for every row; its units are dead or saturated: "
      + "\(Self.remedy), or choose other initial values"
  }

  /// Whether the epoch's loss is above a limit; in a first epoch, also the loss measured after it, if any.
  private func isBeyond(_ limit: Double, _ record: EpochRecord) -> Bool {
    guard let loss = record.values["train.loss"], loss > limit else { return false }
    if record.epoch > 1 { return true }
    let after = ["validation.loss", "test.loss"].compactMap { record.values[$0] }
    return !after.isEmpty && after.allSatisfy { $0 > limit }
  }

  /// Whether outputs are bitwise equal for rows that are not.
  private func answersAllAlike(_ part: Model) throws -> Bool {
    func areAlike(_ rows: Tensor) -> Bool {
      let rows = rows.reshaped(to: [rows.shape[0], -1])
      return rows.max(axes: [0]).scalars(as: Double.self) == rows.min(axes: [0]).scalars(as: Double.self)
    }
    return try sample.count >= Self.leastAnsweredCount && !areAlike(sample.inputs)
      && areAlike(sample.passed(through: part).inputs)
  }
}
