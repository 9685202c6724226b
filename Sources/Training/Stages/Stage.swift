import AviaryLayers
import AviaryOptimizers
import AviaryRegistry

/// One named part of a training: an objective, the parameters it trains, an optimizer, and when it ends.
public struct Stage: Sendable {
  /// Unique in the training.
  public let name: String
  /// The settings it was made from.
  public let settings: StageSettings
  /// What is made small.
  public let objective: any Objective
  /// The update rule.
  public let optimizer: any Optimizer
  /// How gradients are cut before an update.
  public let clipping: (any Clipping)?
  /// What is measured beside the loss.
  public let metrics: [any Metric]
  /// When to stop before the last epoch.
  public let stopping: (any StoppingRule)?

  /// Makes what the settings name.
  ///
  /// - Parameters:
  ///   - name: the stage's name.
  ///   - settings: how it goes.
  ///   - registries: where names are looked up.
  ///   - place: where a key of the settings was written, for errors.
  /// - Throws: `ConfigurationError` for a value out of range, an unknown name, and an optimizer that asks for more than the
  ///   objective offers.
  public init(
    _ name: String, _ settings: StageSettings, in registries: Registries,
    place: (String) -> ConfigurationPath = { ConfigurationPath([.key($0)]) }
  ) throws {
    func checked(_ key: String, _ body: (ConfigurationPath) throws -> Void) throws { try body(place(key)) }
    func located(_ specification: Specification, _ path: ConfigurationPath) -> Specification {
      Specification(specification.name, specification.configuration, at: path)
    }
    self.name = name
    self.settings = settings
    try checked("epochs") { try Check.nonNegative(settings.epochs, $0) }
    try checked("evaluateEvery") { try Check.positive(settings.evaluateEvery, $0) }
    if let size = settings.batchSize { try checked("batchSize") { try Check.positive(size, $0) } }
    try checked("parameters") { try Check.nonEmpty(settings.parameters, $0) }
    objective = try registries.make(.objective, located(settings.objective, place("objective")))
    optimizer = try registries.make(.optimizer, located(settings.optimizer, place("optimizer")))
    metrics = try settings.metrics.enumerated().map { index, metric in
      try registries.make(.metric, located(metric, place("metrics").appending(index)))
    }
    clipping = try settings.clipping.map { try registries.make(.clipping, located($0, place("clipping"))) }
    stopping = try settings.stopping.map { try registries.make(.stoppingRule, located($0, place("stopping"))) }
    let missing = optimizer.needs.subtracting(objective.offers)
    guard missing.isEmpty else {
      throw ConfigurationError(
        .invalid(
          "the optimizer '\(settings.optimizer.name)' needs \(missing.map(\.rawValue).sorted().joined(separator: ", ")), "
            + "which the objective '\(settings.objective.name)' does not offer; "
            + "choose a first-order optimizer such as 'sgd'"),
        at: place("optimizer"))
    }
  }
}
