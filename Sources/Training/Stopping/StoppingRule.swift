import AviaryRegistry

/// Decides after an epoch whether it was the best so far, and whether to go on: a pure function of the epochs' records,
/// so that a resumed training decides as an uninterrupted one.
///
/// A rule has one of ``decide(_:earlier:)``, which is the simpler one, and ``decisions(earlier:)``, which need not look at
/// all epochs again after each; the other one follows.
public protocol StoppingRule: Sendable {
  /// What to do after the last of the stage's records, given those of the stages before it.
  func decide(_ history: [EpochRecord], earlier: [EpochRecord]) throws -> StoppingDecision
  /// A function that is given the stage's records one after another, from its first epoch on, and tells what to do after
  /// each.
  func decisions(earlier: [EpochRecord]) throws -> (EpochRecord) throws -> StoppingDecision
  /// Whether the parameters of the best epoch are put back at the stage's end.
  var restoresBest: Bool { get }
  /// The numbers it watches, named as in `metrics.csv`, so that a training that does not measure them is refused before
  /// it begins. Default: none.
  var monitors: [String] { get }
  /// Throws what is wrong with the rule's settings though each by itself is right, before a training begins. Default:
  /// nothing is.
  func check() throws
  /// What it looks back to, refused beforehand, too, where that stage does not measure it. Default: nothing.
  var lookback: Lookback? { get }
}

/// Numbers of an earlier stage that a stopping rule needs.
public struct Lookback: Sendable, Hashable {
  /// The earlier stage; nil means the one before.
  public var stage: String?
  /// The numbers, named as in `metrics.csv`.
  public var monitors: [String]

  /// Numbers of an earlier stage, or of the one before.
  public init(_ monitors: [String], of stage: String? = nil) { (self.monitors, self.stage) = (monitors, stage) }
}

extension StoppingRule {
  /// None.
  public var monitors: [String] { [] }

  /// What to do after the last of the records, all of which are gone through; nothing where there is none.
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

  /// Nothing is wrong.
  public func check() throws {}

  /// Nothing.
  public var lookback: Lookback? { nil }

  /// What to do after the last of the records, in a training of one stage.
  public func decide(_ history: [EpochRecord]) throws -> StoppingDecision { try decide(history, earlier: []) }
}

/// What to do after an epoch.
public struct StoppingDecision: Sendable, Hashable {
  /// The last epoch is the best so far: its parameters are kept.
  public var isBest: Bool
  /// The stage ends here.
  public var stops: Bool

  /// A decision.
  public init(isBest: Bool, stops: Bool) {
    self.isBest = isBest
    self.stops = stops
  }
}

extension Kind where Product == any StoppingRule {
  /// Stopping rules, by name.
  public static var stoppingRule: Self { Kind("stopping-rule") }
}

extension Registrable where Self: StoppingRule {
  /// A stopping rule.
  public static var kind: Kind<any StoppingRule> { .stoppingRule }
  /// The rule itself.
  public func product() -> any StoppingRule { self }
}
