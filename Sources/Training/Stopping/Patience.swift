import AviaryRegistry

/// Stops when the training has gone on for a good while since the last real gain: each gain of more than a given share
/// makes the patience a multiple of the time until then, so that a training that still learns is left alone.
///
/// With t updates done, patience P and best value b so far: where a value v < b·threshold, P ← max(P, t·increase); the
/// stage ends where t ≥ P. The best epoch is that of the smallest value, however small the gain; an epoch in whose
/// midst the time ran out is none, since the tutorials stop there and then. (The rule of the Theano deep-learning
/// tutorials, 2010, for a number that is better small and positive, such as an error.)
public struct Patience: StoppingRule, Registrable {
  /// The rule's configuration.
  public struct Configuration: ConfigurationFields {
    /// The number to watch, as in `metrics.csv`.
    public var monitor = "validation.error"
    /// How long to go on in any case.
    public var patience = 5000
    /// What patience and time are counted in.
    public var unit = Unit.step
    /// What a gain multiplies the time by.
    public var increase = 2.0
    /// The share of the best value below which a value is a gain.
    public var threshold = 0.995
    /// Puts the best epoch's parameters back at the end.
    public var restoresBest = true

    /// 5000 updates, twice, half a percent.
    public init() {}
  }

  /// What patience is counted in.
  public enum Unit: String, Codable, CaseIterable, Sendable {
    /// Updates.
    case step
    /// Epochs.
    case epoch
  }

  /// `"patience"`.
  public static let name = "patience"
  /// What is worth knowing.
  public static let card = Card(
    "Stops when no gain has come for as long as the training took until the last one.",
    formula: "v < b·threshold ⇒ P ← max(P, t·increase);  stop where t ≥ P",
    fields: [
      "monitor": "The number to watch, named as in metrics.csv; one that is better small, such as validation.error.",
      "patience": "How long to go on in any case, at least 1.",
      "unit": "What patience and time are counted in: step (updates) or epoch.",
      "increase": "What a gain multiplies the time by, at least 1.",
      "threshold": "The share of the best value below which a value is a gain, in (0, 1].",
      "restoresBest": "Puts the best epoch's parameters back at the stage's end.",
    ],
    references: ["Theano development team: Deep learning tutorials, early stopping (2010)"])

  let configuration: Configuration

  /// Checks the configuration.
  public init(_ configuration: Configuration, in registries: Registries) throws {
    try Check.nonEmpty(configuration.monitor, "monitor")
    try Check.positive(configuration.patience, "patience")
    try Check.that(configuration.increase >= 1, "increase", "a number of at least 1", found: configuration.increase)
    try Check.that(
      configuration.threshold > 0 && configuration.threshold <= 1, "threshold", "a number in (0, 1]",
      found: configuration.threshold)
    self.configuration = configuration
  }

  /// Whether the parameters of the best epoch are put back.
  public var restoresBest: Bool { configuration.restoresBest }

  /// The number to watch.
  public var monitors: [String] { [configuration.monitor] }

  /// Throws `ConfigurationError` for a number that is better great.
  public func check() throws {
    try Check.that(
      Monitor(configuration.monitor).sign > 0, "stopping.monitor",
      "a number that is better small: a loss, an error, an energy", found: configuration.monitor)
  }

  /// Best where the number is the smallest so far and the time has not run out; stops where the time has reached the
  /// patience.
  public func decisions(earlier: [EpochRecord]) -> (EpochRecord) throws -> StoppingDecision {
    var monitor = Monitor(configuration.monitor, maximize: false)
    var (patience, best) = (Double(configuration.patience), Double.infinity)
    return { record in
      let time = time(of: record)
      guard let value = try monitor.value(of: record), value < best, time <= patience else {
        return StoppingDecision(isBest: false, stops: time >= patience)
      }
      // The tutorials count from 0: the first update is at time 0.
      if value < best * configuration.threshold { patience = max(patience, time * configuration.increase) }
      best = value
      return StoppingDecision(isBest: true, stops: time >= patience)
    }
  }

  private func time(of record: EpochRecord) -> Double {
    let steps = Double(record.step - 1)
    return configuration.unit == .step ? steps : steps * Double(record.epoch) / Double(record.step)
  }
}
