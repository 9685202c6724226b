import AviaryRegistry

/// Stops when the training has gone on for a good while since the last real gain: each gain of more than a given share
/// makes the patience a multiple of the time until then, so that a training that still learns is left alone.
///
/// With t updates done, patience P and best value b so far: where a value v < b·threshold, P ← max(P, t·increase); the
/// stage ends where t ≥ P. The best epoch is that of the smallest value, however small the gain; an epoch in whose
/// midst the time ran out is none, since the tutorials stop there and then. (The rule of the Theano deep-learning
/// tutorials, 2010, for a number that is better small and positive, such as an error.)
public struct Patience: StoppingRule, Registrable {
  /// What patience is counted in.
  public enum Unit: String, CaseIterable, FieldValue {
    /// Updates.
    case step
    /// Epochs.
    case epoch
  }

  public static let name = "patience"
  public static let card = Card(
    "Stops when no gain has come for as long as the training took until the last one.",
    formula: "v < b·threshold ⇒ P ← max(P, t·increase);  stop where t ≥ P",
    references: ["Theano development team: Deep learning tutorials, early stopping (2010)"])

  @Field("Number to watch, named as in metrics.csv; one that is better small", .nonEmpty) var monitor =
    "validation.error"
  @Field("How long to go on in any case", .positive) var patience = 5000
  @Field("What patience and time are counted in: step (updates) or epoch") var unit = Unit.step
  @Field("What a gain multiplies the time by", .atLeast(1)) var increase = 2.0
  @Field("Share of the best value below which a value is a gain, at most 1", .above(0)) var threshold = 0.995
  @Field("Puts the best epoch's parameters back at the stage's end") public private(set) var restoresBest = true

  public init() {}

  /// A rule. Throws `ConfigurationError` for values out of range.
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

  /// The number to watch.
  public var monitors: [String] { [monitor] }

  /// Throws `ConfigurationError` for a number that is better great.
  public func check() throws {
    try Check.that(
      Monitor(monitor).sign > 0, "stopping.monitor",
      "a number that is better small: a loss, an error, an energy", found: monitor)
  }

  /// Best where the number is the smallest so far and the time has not run out; stops where the time has reached the
  /// patience.
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
