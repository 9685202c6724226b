import AviaryLayers
import AviaryOptimizers
import AviaryRegistry

/// A named part of a training: an objective, the parameters it trains, an optimizer, and when it ends.
public struct Stage: Sendable {
  /// Unique in the training.
  public let name: String
  /// The settings it was made from.
  public let settings: StageSettings
  public let objective: any Objective
  /// The optimizer; nil if the objective fits the parameters itself.
  public let optimizer: (any Optimizer)?
  /// How gradients are clipped before an update.
  public let clipping: (any Clipping)?
  /// The metrics, measured besides the loss.
  public let metrics: [any Metric]
  /// When to stop before the last epoch.
  public let stopping: (any StoppingRule)?

  /// How a step works.
  enum Method {
    /// An optimizer follows an objective's gradients.
    case descent(any GradientObjective, any Optimizer)
    /// An objective fits the parameters itself.
    case fit(any FittingObjective)
  }

  let method: Method

  /// Patterns of parameters that it leaves unchanged, whatever its settings say.
  private(set) var frozen: [String] = []

  /// Whether the metrics were set for this stage rather than at the recipe's top level.
  var hasOwnMetrics = true

  /// Whether the recipe, rather than the model's proposal, chooses the parts to measure.
  var asksForParts = false

  /// Whether to measure a part at the end of an epoch if it has rows. In a fit, a batch is evaluated with the model
  /// before it.
  func measures(_ part: String) -> Bool {
    if let parts = settings.evaluate { return parts.contains(part) }
    return part != "train" || optimizer == nil
  }

  /// The names of all measured values: the loss, the metrics, and the objective's own measures.
  public var measured: [String] { ["loss"] + metrics.map(\.label) + objective.measures }

  /// Makes everything that the settings name.
  ///
  /// - Parameters:
  ///   - name: the stage's name.
  ///   - settings: the stage's settings.
  ///   - registries: the registries to look up names in.
  /// - Throws: `ConfigurationError` for a value out of range, an unknown name, an optimizer that needs more than the
  ///   objective offers, or an optimizer for an objective that needs none; its path starts at the settings.
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
          .missing(expected: "an optimizer for the gradients of '\(settings.objective.name)'"),
          at: "optimizer")
      }
      var rule = try make(.optimizer, specification, "optimizer")
      try Stage.check(specification, rule, settings.objective, objective)
      if let groups = settings.groups, !groups.changes.isEmpty {
        rule = try Stage.grouped(rule, specification, groups, in: registries)
      }
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

  /// Freezes parameters. Throws if the objective fits all of them.
  mutating func freeze(_ patterns: [String]) throws {
    guard patterns.isEmpty || optimizer != nil else {
      throw ConfigurationError(
        .invalid("the objective '\(settings.objective.name)' fits all parameters; none can be frozen"),
        at: "initial.trained")
    }
    frozen = patterns
  }

  /// A rule with different settings for groups. Throws for unknown keys, and if the rule needs more than gradients.
  private static func grouped(
    _ rule: any Optimizer, _ specification: Specification, _ groups: ParameterGroups, in registries: Registries
  ) throws -> any Optimizer {
    let rules = try groups.changes.map { pattern, _ in
      (pattern, try registries.make(.optimizer, groups.specification(specification, pattern)))
    }
    let grouped = GroupedOptimizer(rest: rule, groups: rules)
    guard grouped.needs == [.layout], !grouped.needsFullBatches else {
      throw ConfigurationError(
        .invalid(
          "the optimizer '\(specification.name)' takes all parameters together; leave the groups out, or choose a "
            + "first-order optimizer such as 'adam'"), at: "groups")
    }
    return grouped
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
  /// Throws if a setting has no meaning for a fitted stage.
  fileprivate mutating func checkIsFit() throws {
    // Earlier releases found the solution by gradient descent with a rate of 1, which the recipes of their runs still
    // state.
    if let optimizer, optimizer.name == "sgd", optimizer.configuration["learningRate"]?.numberValue == 1 {
      self.optimizer = nil
    }
    let isSet = [("optimizer", optimizer != nil), ("groups", groups != nil), ("clipping", clipping != nil)]
    for (field, isSet) in isSet where isSet {
      throw ConfigurationError(
        .invalid("the objective '\(objective.name)' fits the parameters itself, without \(field); remove it"),
        at: [.key(field)])
    }
    guard parameters == ["*"] else {
      throw ConfigurationError(
        .invalid("the objective '\(objective.name)' fits all parameters; remove it"), at: "parameters")
    }
  }
}
