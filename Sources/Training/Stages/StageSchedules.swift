import AviaryCore
import AviaryLayers
import AviaryRegistry

/// The numbers of a stage that follow schedules whose range is not known: the optimizer's, and those of the layers that
/// it trains. The others were checked when they were made.
struct StageSchedules {
  /// How many steps are checked before a training; beyond there is the last one, and each before it is done.
  private static let stepsCheckedAhead = 100_000

  /// The numbers, with the error of a complaint about each.
  private let numbers: [(number: DeclaredValue<any Schedule>, error: @Sendable (String) -> any Error)]

  /// The numbers of a stage that trains a model, which is what it sees of the whole.
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

  /// Throws `ConfigurationError` or `LayerError` where a number leaves its range at a moment of the training.
  func check(at progress: TrainingProgress) throws {
    for (number, error) in numbers {
      let value = number.value.value(at: progress)
      let rule = number.rule?.atAnyMoment
      if rule?.allows(value) ?? value.isFinite { continue }
      throw error(
        "its schedule gives \(value) in step \(progress.step + 1) (epoch \(progress.epoch + 1)), and the number has to be "
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
  /// Throws `ConfigurationError` or `LayerError` where a number that follows a schedule would leave its range in the
  /// stage's epochs.
  func checkSchedules(of model: Model, _ data: PreparedData) throws {
    let rows = data.rowCount(of: self)
    guard rows > 0 else { return }
    let size = min(settings.batchSize ?? rows, rows)
    let steps = settings.dropsLast ? rows / size : (rows - 1) / size + 1
    try StageSchedules(self, part(of: model)).check(epochs: settings.epochs, stepsPerEpoch: steps)
  }
}
