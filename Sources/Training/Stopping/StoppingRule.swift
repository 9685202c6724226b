import AviaryRegistry

/// Decides after an epoch whether it was the best so far and whether to continue. A pure function of the epochs'
/// records, so a resumed training decides like an uninterrupted one.
///
/// Implement either ``decide(_:earlier:)``, which is simpler, or ``decisions(earlier:)``, which need not look at all
/// epochs again after each; the other one follows.
public protocol StoppingRule: Sendable {
  /// The decision after the last of the stage's records, given those of the stages before it.
  func decide(_ history: [EpochRecord], earlier: [EpochRecord]) throws -> StoppingDecision
  /// A function to call with the stage's records in order, from the first epoch on, that returns the decision after
  /// each.
  func decisions(earlier: [EpochRecord]) throws -> (EpochRecord) throws -> StoppingDecision
  /// Whether to restore the best epoch's parameters at the end of the stage.
  var restoresBest: Bool { get }
  /// The values it watches, named as in `metrics.csv`; a training that does not measure them is refused before it
  /// begins. Default: none.
  var monitors: [String] { get }
  /// Throws before a training begins if settings that are valid by themselves do not fit together. Default: accepts
  /// everything.
  func check() throws
  /// What it needs from an earlier stage, also checked before the training begins. Default: nothing.
  var lookback: Lookback? { get }
}

/// Values of an earlier stage that a stopping rule needs.
public struct Lookback: Sendable, Hashable {
  /// The earlier stage; nil for the previous one.
  public var stage: String?
  /// The values, named as in `metrics.csv`.
  public var monitors: [String]

  /// Values of an earlier stage; by default the previous one.
  public init(_ monitors: [String], of stage: String? = nil) { (self.monitors, self.stage) = (monitors, stage) }
}

extension StoppingRule {
  public var monitors: [String] { [] }

  /// The decision after the last record, found by going through all of them; neither best nor stopping if there are
  /// none.
  public func decide(_ history: [EpochRecord], earlier: [EpochRecord]) throws -> StoppingDecision {
    let next = try decisions(earlier: earlier)
    return try history.reduce(StoppingDecision(isBest: false, stops: false)) { try next($1) }
  }

  /// Keeps the records, and decides by all of them.
  public func decisions(earlier: [EpochRecord]) -> (EpochRecord) throws -> StoppingDecision {
    var history: [EpochRecord] = []
    return { record in
      history.append(record)
      return try decide(history, earlier: earlier)
    }
  }

  public func check() throws {}

  public var lookback: Lookback? { nil }

  /// The decision after the last record in a training with a single stage.
  public func decide(_ history: [EpochRecord]) throws -> StoppingDecision { try decide(history, earlier: []) }
}

/// The decision after an epoch.
public struct StoppingDecision: Sendable, Hashable {
  /// Whether the last epoch is the best so far; its parameters are then kept.
  public var isBest: Bool
  /// Whether the stage ends here.
  public var stops: Bool

  public init(isBest: Bool, stops: Bool) {
    self.isBest = isBest
    self.stops = stops
  }
}

extension Kind where Product == any StoppingRule {
  /// The kind of stopping rules.
  public static var stoppingRule: Self { Kind("stopping-rule") }
}

extension Registrable where Self: StoppingRule {
  public static var kind: Kind<any StoppingRule> { .stoppingRule }
  public func product() -> any StoppingRule { self }
}
