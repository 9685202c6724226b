import AviaryRegistry

/// Stops when a number does not change any more.
///
/// |v − v′| ≤ change · max(1, |v|) in so many measured epochs in a row, v′ the number of the one before: absolute changes of
/// small numbers, shares of great ones.
public struct Tolerance: StoppingRule, Registrable {
  public static let name = "tolerance"
  public static let card = Card(
    "Stops when a number does not change any more.", formula: "|v − v′| ≤ change · max(1, |v|)")

  @Field("Number to watch, named as in metrics.csv: train.loss, test.accuracy", .nonEmpty) var monitor = "train.loss"
  @Field("Greatest change that counts as none", .nonNegative) var change = 1e-6
  @Field("Measured epochs in a row without a change that end the stage", .positive) var patience = 1

  public init() {}

  /// A rule for a loop of one's own. Throws `ConfigurationError` for values out of range.
  public init(_ monitor: String, change: Double = 1e-6, patience: Int = 1) throws {
    self.monitor = monitor
    self.change = change
    self.patience = patience
    self = try checked()
  }

  /// The last epoch's parameters are the result.
  public var restoresBest: Bool { false }
  /// The number to watch.
  public var monitors: [String] { [monitor] }

  /// Stops after `patience` measured epochs in a row without a change. NaN is never a change of none.
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
