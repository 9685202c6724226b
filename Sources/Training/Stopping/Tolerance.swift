import AviaryRegistry

/// Stops when a value no longer changes.
///
/// ```
/// |v − v′| ≤ change · max(1, |v|)
/// ```
///
/// This must hold in several consecutive measured epochs, where v′ is the value of the previous one: an absolute change
/// for small values, a relative change for large ones.
public struct Tolerance: StoppingRule, Registrable {
  public static let name = "tolerance"
  public static let card = Card(
    "Stops when a value no longer changes.", formula: "|v − v′| ≤ change · max(1, |v|)")

  @Field("Value to watch, named as in metrics.csv, such as test.accuracy", .nonEmpty) var monitor = "train.loss"
  @Field("Maximum change that counts as none", .nonNegative) var change = 1e-6
  @Field("Number of consecutive measured epochs without a change that end the stage", .positive) var patience = 1

  public init() {}

  /// Throws `ConfigurationError` for values out of range.
  public init(_ monitor: String, change: Double = 1e-6, patience: Int = 1) throws {
    self.monitor = monitor
    self.change = change
    self.patience = patience
    self = try checked()
  }

  public var restoresBest: Bool { false }
  public var monitors: [String] { [monitor] }

  /// Stops after `patience` consecutive measured epochs without a change. NaN counts as a change.
  public func decisions(earlier: [EpochRecord]) -> (EpochRecord) throws -> StoppingDecision {
    var watched = Monitor(monitor, maximize: false)
    var (last, waited) = (Double?.none, 0)
    return { record in
      guard let value = try watched.value(of: record) else { return StoppingDecision(isBest: false, stops: false) }
      let isSame = last.map { abs(value - $0) <= change * max(1, abs(value)) } ?? false
      (last, waited) = (value, isSame ? waited + 1 : 0)
      return StoppingDecision(isBest: false, stops: waited >= patience)
    }
  }
}
