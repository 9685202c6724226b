import AviaryRegistry

/// Stops when a value is good enough.
public struct Reached: StoppingRule, Registrable {
  public static let name = "reached"
  public static let card = Card("Stops when a value is good enough.")

  @Field("Value to watch, named as in metrics.csv, such as test.accuracy", .nonEmpty)
  var monitor = "validation.loss"
  @Field("Threshold at which to stop", example: 0.1) var value: Double
  @Field("Whether larger is better; by default true except for losses, errors, energies and residuals")
  var maximize: Bool?

  public init() {}

  /// Stops at a threshold. Unless given, the name decides whether larger is better. Throws `ConfigurationError` for a
  /// threshold that is not finite.
  public init(_ monitor: String, value: Double, maximize: Bool? = nil) throws {
    self.monitor = monitor
    self.value = value
    self.maximize = maximize
    self = try checked()
  }

  public var restoresBest: Bool { false }
  public var monitors: [String] { [monitor] }

  /// Stops after the first epoch whose value reaches the threshold.
  public func decisions(earlier: [EpochRecord]) -> (EpochRecord) throws -> StoppingDecision {
    var watched = Monitor(monitor, maximize: maximize)
    let goal = value * watched.sign
    return { record in
      let found = try watched.value(of: record)
      return StoppingDecision(isBest: false, stops: found.map { $0 <= goal } ?? false)
    }
  }
}
