import AviaryCore
import AviaryLayers
import AviaryRegistry

/// The scheduled values of a stage whose range is not known in advance: the optimizer's, and those of the layers that
/// it trains. The others were checked when they were made.
struct StageSchedules {
  /// How many steps are checked before a training. Beyond that, the last step is checked in advance and the others as
  /// they come.
  private static let stepsCheckedAhead = 100_000

  /// The values, each with a function that makes its error.
  private let numbers: [(number: DeclaredValue<any Schedule>, error: @Sendable (String) -> any Error)]

  /// The values of a stage that trains `part`, the model or a layer of it.
  init(_ stage: Stage, _ part: Model) {
    var numbers: [(number: DeclaredValue<any Schedule>, error: @Sendable (String) -> any Error)] = []
    let optimizer = stage.optimizer.flatMap { $0 as? any Configurable }
    for number in optimizer?.declaredValues(of: (any Schedule).self) ?? [] where number.value.range == nil {
      let path: ConfigurationPath = [.key("optimizer"), .key(number.name)]
      numbers.append((number, { ConfigurationError(.invalid($0), at: path) }))
    }
    for (path, number) in part.scheduledNumbers where number.value.range == nil {
      numbers.append((number, { LayerError(path: path, "\(number.name): \($0)") }))
    }
    self.numbers = numbers
  }

  /// Throws `ConfigurationError` or `LayerError` if a value leaves its range at a moment of the training.
  func check(at progress: TrainingProgress) throws {
    for (number, error) in numbers {
      let value = number.value.value(at: progress)
      let rule = number.rule?.atAnyMoment
      if rule?.allows(value) ?? value.isFinite { continue }
      throw error(
        "its schedule gives \(value) in step \(progress.step + 1) (epoch \(progress.epoch + 1)), but the value must be "
          + "\(rule.flatMap { value.isFinite ? "\($0)" : nil } ?? "finite") in every step")
    }
  }

  /// Throws what ``check(at:)`` throws for the steps of a training.
  func check(epochs: Int, stepsPerEpoch: Int) throws {
    guard !numbers.isEmpty, epochs > 0, stepsPerEpoch > 0 else { return }
    let (product, overflows) = epochs.multipliedReportingOverflow(by: stepsPerEpoch)
    let count = overflows ? Int.max : product
    func check(_ step: Int) throws {
      try self.check(
        at: TrainingProgress(step: step, epoch: step / stepsPerEpoch, stepsPerEpoch: stepsPerEpoch, epochs: epochs))
    }
    for step in 0..<min(count, Self.stepsCheckedAhead) { try check(step) }
    try check(count - 1)
  }
}

extension Stage {
  /// Throws `ConfigurationError` or `LayerError` if a scheduled value would leave its range during the stage.
  func checkSchedules(of model: Model, _ data: PreparedData) throws {
    let rows = data.rowCount(of: self)
    guard rows > 0 else { return }
    let size = min(settings.batchSize ?? rows, rows)
    let steps = settings.dropsLast ? rows / size : (rows - 1) / size + 1
    try StageSchedules(self, part(of: model)).check(epochs: settings.epochs, stepsPerEpoch: steps)
  }
}
