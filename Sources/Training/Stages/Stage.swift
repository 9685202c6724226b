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

  /// Whether the metrics were asked for this stage, and not for all stages at the recipe's top level.
  var hasOwnMetrics = true

  /// The names of the numbers that are measured: the loss, the metrics, what the objective adds.
  public var measured: [String] { ["loss"] + metrics.map(\.label) + objective.measures }

  /// Makes what the settings name.
  ///
  /// - Parameters:
  ///   - name: the stage's name.
  ///   - settings: how it goes.
  ///   - registries: where names are looked up.
  /// - Throws: `ConfigurationError` for a value out of range, an unknown name, and an optimizer that asks for more than
  ///   the objective offers; its path leads from the settings.
  public init(_ name: String, _ settings: StageSettings, in registries: Registries) throws {
    func make<Product>(
      _ kind: Kind<Product>, _ specification: Specification, _ path: ConfigurationPath
    ) throws -> Product {
      try registries.make(kind, Specification(specification.name, specification.configuration, at: path))
    }
    self.name = name
    self.settings = settings
    try Check.nonNegative(settings.epochs, "epochs")
    try Check.positive(settings.evaluateEvery, "evaluateEvery")
    if let size = settings.batchSize { try Check.positive(size, "batchSize") }
    try Check.nonEmpty(settings.parameters, "parameters")
    try Check.nonEmpty(settings.rows, "rows")
    for (field, parts, known) in [
      ("rows", settings.rows, ["train", "validation"]),
      ("evaluate", settings.evaluate, ["train", "validation", "test"]),
    ] {
      for (index, part) in parts.enumerated() {
        let path = ConfigurationPath([.key(field), .index(index)])
        try Check.that(known.contains(part), path, "one of \(known.joined(separator: ", "))", found: part)
        try Check.that(!parts[..<index].contains(part), path, "each part once", found: part)
      }
    }
    objective = try make(.objective, settings.objective, "objective")
    optimizer = try make(.optimizer, settings.optimizer, "optimizer")
    metrics = try (settings.metrics ?? ["accuracy"]).enumerated().map { index, metric in
      try make(.metric, metric, ConfigurationPath([.key("metrics"), .index(index)]))
    }
    clipping = try settings.clipping.map { try make(.clipping, $0, "clipping") }
    stopping = try settings.stopping.map { try make(.stoppingRule, $0, "stopping") }
    let missing = optimizer.needs.subtracting(objective.offers)
    guard missing.isEmpty else {
      let names = missing.map(\.rawValue).sorted().joined(separator: ", ")
      throw ConfigurationError(
        .invalid(
          "the optimizer '\(settings.optimizer.name)' needs \(names), which the objective "
            + "'\(settings.objective.name)' does not offer; choose a first-order optimizer such as 'sgd'"),
        at: "optimizer")
    }
  }
}
