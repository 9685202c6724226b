import AviaryCore
import AviaryLayers
import AviaryOptimizers
import AviaryRegistry

/// The scheduled values of a stage whose range is not known in advance: the optimizer's, and those of the layers that
/// it trains. The others were checked when they were made.
struct StageSchedules {
  /// The number of steps checked before a training. Of the later steps, only the last one is checked in advance, the
  /// others as they come.
  private static let stepsCheckedAhead = 100_000

  /// The values, each with a function that makes its error.
  private let numbers: [(number: DeclaredValue<any Schedule>, error: @Sendable (String) -> any Error)]

  /// The values of a stage that trains `part`, the model or a layer of it.
  init(_ stage: Stage, _ part: Model) {
    var numbers: [(number: DeclaredValue<any Schedule>, error: @Sendable (String) -> any Error)] = []
    for (path, number) in stage.optimizer?.scheduledNumbers(at: "optimizer") ?? [] where number.value.range == nil {
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

extension Optimizer {
  /// The schedulable numbers of a rule and of the rules inside it, with their paths.
  func scheduledNumbers(
    at path: ConfigurationPath
  ) -> [(path: ConfigurationPath, number: DeclaredValue<any Schedule>)] {
    if let grouped = self as? GroupedOptimizer {
      return grouped.rest.scheduledNumbers(at: path)
        + grouped.groups.flatMap { $0.optimizer.scheduledNumbers(at: [.key("groups"), .key($0.pattern)]) }
    }
    guard let rule = self as? any Configurable else { return [] }
    return rule.declaredValues(of: (any Schedule).self).map { (path.appending($0.name), $0) }
      + rule.declaredValues(of: (any Optimizer).self).flatMap { $0.value.scheduledNumbers(at: path.appending($0.name)) }
  }
}

extension Optimizer {
  /// The learning rate of a step: that of the rule or of the rule inside it; with groups, that of the parameters in no
  /// group. nil if there is none.
  func learningRate(at progress: TrainingProgress) -> Double? {
    if let grouped = self as? GroupedOptimizer { return grouped.rest.learningRate(at: progress) }
    guard let rule = self as? any Configurable else { return nil }
    let numbers = rule.declaredValues(of: (any Schedule).self)
    if let own = numbers.first(where: { $0.name == "learningRate" }) { return own.value.value(at: progress) }
    return rule.declaredValues(of: (any Optimizer).self).first?.value.learningRate(at: progress)
  }
}

extension Stage {
  /// The schedulable numbers of the optimizer and of the layers.
  private func scheduledNumbers(
    of model: Model
  ) throws -> [(path: ConfigurationPath, number: DeclaredValue<any Schedule>)] {
    try (optimizer?.scheduledNumbers(at: "optimizer") ?? [])
      + part(of: model).scheduledNumbers.map { (path: ConfigurationPath([.key($0)]), number: $1) }
  }

  /// Whether a schedule depends on measured values.
  func followsMeasurements(of model: Model) throws -> Bool {
    try scheduledNumbers(of: model).contains { !$0.number.value.monitors.isEmpty }
  }

  /// Throws `ConfigurationError` if a schedule of the optimizer or of a layer watches a value that the stage does not
  /// measure.
  func checkMonitors(of model: Model, _ measured: [String]) throws {
    for (path, number) in try scheduledNumbers(of: model) {
      for monitor in number.value.monitors where !measured.contains(monitor) {
        throw ConfigurationError(
          .invalid("its schedule watches '\(monitor)', which is not measured; known: \(measured.listed())"),
          at: path.appending("monitor"))
      }
    }
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
