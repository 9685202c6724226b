import AviaryRegistry

/// Stops when the training has continued for long enough since its last real gain. Each gain extends the patience to a
/// multiple of the time until then, so a training that still learns continues.
///
/// With t updates done, patience P and best value b so far:
///
/// ```
/// v < b·threshold ⇒ P ← max(P, t·increase);  stop if t ≥ P
/// ```
///
/// The best epoch is the one with the smallest value, however small the gain. An epoch in which the time runs out does
/// not count, since the tutorials stop at that moment. (The rule of the Theano deep learning tutorials, 2010, for a
/// positive value that should be small, such as an error.)
public struct Patience: StoppingRule, Registrable {
  /// The unit of patience.
  public enum Unit: String, CaseIterable, FieldValue {
    case step
    case epoch
  }

  public static let name = "patience"
  public static let card = Card(
    "Stops when the training has taken a multiple of the time until its last gain.",
    formula: "v < b·threshold ⇒ P ← max(P, t·increase);  stop if t ≥ P",
    references: ["Theano development team: Deep learning tutorials, early stopping (2010)"])

  @Field("Value to watch, named as in metrics.csv; smaller must be better", .nonEmpty) var monitor =
    "validation.error"
  @Field("Minimum duration of the stage", .positive) var patience = 5000
  @Field("Unit of patience and time: step (updates) or epoch") var unit = Unit.step
  @Field("Factor by which a gain multiplies the time", .atLeast(1)) var increase = 2.0
  @Field("Fraction of the best value below which a value is a gain, at most 1", .above(0)) var threshold = 0.995
  @Field("Whether to restore the best epoch's parameters at the end") public private(set) var restoresBest = true

  public init() {}

  /// Throws `ConfigurationError` for values out of range.
  public init(
    _ monitor: String = "validation.error", patience: Int = 5000, unit: Unit = .step, increase: Double = 2,
    threshold: Double = 0.995, restoresBest: Bool = true
  ) throws {
    self.monitor = monitor
    self.patience = patience
    self.unit = unit
    self.increase = increase
    self.threshold = threshold
    self.restoresBest = restoresBest
    self = try checked()
  }

  public func validate() throws {
    try Check.that(threshold <= 1, "threshold", "a number in (0, 1]", found: threshold)
  }

  public var monitors: [String] { [monitor] }

  /// Throws `ConfigurationError` for a value that should be large.
  public func check() throws {
    try Check.that(
      Monitor(monitor).sign > 0, "stopping.monitor",
      "a value that should be small: a loss, an error, an energy", found: monitor)
  }

  /// An epoch is the best if its value is the smallest so far and the time has not run out. Stops when the time reaches
  /// the patience.
  public func decisions(earlier: [EpochRecord]) -> (EpochRecord) throws -> StoppingDecision {
    var watched = Monitor(monitor, maximize: false)
    var (patience, best) = (Double(self.patience), Double.infinity)
    return { record in
      let time = time(of: record)
      guard let value = try watched.value(of: record), value < best, time <= patience else {
        return StoppingDecision(isBest: false, stops: time >= patience)
      }
      // The tutorials count from 0: the first update is at time 0.
      if value < best * threshold { patience = max(patience, time * increase) }
      best = value
      return StoppingDecision(isBest: true, stops: time >= patience)
    }
  }

  private func time(of record: EpochRecord) -> Double {
    let steps = Double(record.step - 1)
    return unit == .step ? steps : steps * Double(record.epoch) / Double(record.step)
  }
}
