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
  /// The update rule; nil where the objective finds the parameters itself.
  public let optimizer: (any Optimizer)?
  /// How gradients are cut before an update.
  public let clipping: (any Clipping)?
  /// What is measured beside the loss.
  public let metrics: [any Metric]
  /// When to stop before the last epoch.
  public let stopping: (any StoppingRule)?

  /// How a step is made.
  enum Method {
    /// An optimizer follows an objective's gradients.
    case descent(any GradientObjective, any Optimizer)
    /// An objective finds the parameters itself.
    case fit(any FittingObjective)
  }

  let method: Method

  /// The patterns of parameters that it leaves as they are, whatever its settings name.
  private(set) var frozen: [String] = []

  /// Whether the metrics were asked for this stage, and not for all stages at the recipe's top level.
  var hasOwnMetrics = true

  /// Whether the recipe says which parts it measures, and not the model's proposal.
  var asksForParts = false

  /// Whether a part is measured at an epoch's end, where it has rows. What a fit sees of a batch is the model before it.
  func measures(_ part: String) -> Bool {
    if let parts = settings.evaluate { return parts.contains(part) }
    return part != "train" || optimizer == nil
  }

  /// The names of the numbers that are measured: the loss, the metrics, what the objective adds.
  public var measured: [String] { ["loss"] + metrics.map(\.label) + objective.measures }

  /// Makes what the settings name.
  ///
  /// - Parameters:
  ///   - name: the stage's name.
  ///   - settings: how it goes.
  ///   - registries: where names are looked up.
  /// - Throws: `ConfigurationError` for a value out of range, an unknown name, an optimizer that asks for more than the
  ///   objective offers, and one beside an objective that needs none; its path leads from the settings.
  public init(_ name: String, _ settings: StageSettings, in registries: Registries) throws {
    func make<Product>(
      _ kind: Kind<Product>, _ specification: Specification, _ path: ConfigurationPath
    ) throws -> Product {
      try registries.make(kind, specification.standing(at: path))
    }
    self.name = name
    var settings = try settings.checked()
    objective = try make(.objective, settings.objective, "objective")
    if let objective = objective as? any FittingObjective {
      try settings.checkIsFit()
      (method, optimizer) = (.fit(objective), nil)
    } else if let objective = objective as? any GradientObjective {
      guard let specification = settings.optimizer else {
        throw ConfigurationError(
          .missing(expected: "an optimizer, which follows the gradients of '\(settings.objective.name)'"),
          at: "optimizer")
      }
      let rule = try make(.optimizer, specification, "optimizer")
      try Stage.check(specification, rule, settings.objective, objective)
      (method, optimizer) = (.descent(objective, rule), rule)
    } else {
      throw ConfigurationError(
        .invalid("'\(settings.objective.name)' neither has gradients nor fits parameters itself"), at: "objective")
    }
    self.settings = settings
    metrics = try (settings.metrics ?? ["accuracy"]).enumerated().map { index, metric in
      try make(.metric, metric, ConfigurationPath([.key("metrics"), .index(index)]))
    }
    clipping = try settings.clipping.map { try make(.clipping, $0, "clipping") }
    stopping = try settings.stopping.map { try make(.stoppingRule, $0, "stopping") }
  }

  /// Leaves parameters as they are. Throws where the objective finds all of them.
  mutating func freeze(_ patterns: [String]) throws {
    guard patterns.isEmpty || optimizer != nil else {
      throw ConfigurationError(
        .invalid("the objective '\(settings.objective.name)' finds all parameters; none can be frozen"),
        at: "initial.trained")
    }
    frozen = patterns
  }

  /// Throws unless an objective offers what an optimizer needs.
  private static func check(
    _ rule: Specification, _ optimizer: any Optimizer, _ name: Specification, _ objective: any GradientObjective
  ) throws {
    let missing = optimizer.needs.subtracting(objective.offers).subtracting([.layout])
    guard !missing.isEmpty else { return }
    let names = missing.map(\.rawValue).sorted().joined(separator: ", ")
    throw ConfigurationError(
      .invalid(
        "the optimizer '\(rule.name)' needs \(names), which the objective '\(name.name)' does not offer; choose a "
          + "first-order optimizer such as 'sgd'"), at: "optimizer")
  }
}

extension StageSettings {
  /// Throws where something is configured that a fitted stage has no use for.
  fileprivate mutating func checkIsFit() throws {
    // Earlier releases went to the solution by gradient descent with a rate of 1, and their runs say so.
    if let optimizer, optimizer.name == "sgd", optimizer.configuration["learningRate"]?.numberValue == 1 {
      self.optimizer = nil
    }
    for (field, value) in [("optimizer", optimizer), ("clipping", clipping)] where value != nil {
      throw ConfigurationError(
        .invalid("the objective '\(objective.name)' finds the parameters itself, without \(field); leave it out"),
        at: [.key(field)])
    }
    guard parameters == ["*"] else {
      throw ConfigurationError(
        .invalid("the objective '\(objective.name)' finds all parameters; leave it out"), at: "parameters")
    }
  }
}
