import AviaryRegistry

/// Stops when a number is good enough.
public struct Reached: StoppingRule, Registrable {
  public static let name = "reached"
  public static let card = Card("Stops when a number is good enough.")

  @Field("Number to watch, named as in metrics.csv: validation.loss, test.accuracy", .nonEmpty)
  var monitor = "validation.loss"
  @Field("Where it may stop", example: 0.1) var value: Double
  @Field("True where greater is better; by default true of all but losses, errors and energies") var maximize: Bool?

  public init() {}

  /// A rule for a loop of one's own; whether greater is better is told by the number's name unless given. Throws
  /// `ConfigurationError` for a value that is no number.
  public init(_ monitor: String, value: Double, maximize: Bool? = nil) throws {
    self.monitor = monitor
    self.value = value
    self.maximize = maximize
    self = try checked()
  }

  /// The last epoch's parameters are the result.
  public var restoresBest: Bool { false }
  /// The number to watch.
  public var monitors: [String] { [monitor] }

  /// Stops after the first epoch whose number is at least as good as the value.
  public func decisions(earlier: [EpochRecord]) -> (EpochRecord) throws -> StoppingDecision {
    var watched = Monitor(monitor, maximize: maximize)
    let goal = value * watched.sign
    return { record in
      let found = try watched.value(of: record)
      return StoppingDecision(isBest: false, stops: found.map { $0 <= goal } ?? false)
    }
  }
}
