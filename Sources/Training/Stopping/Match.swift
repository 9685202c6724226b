import AviaryRegistry

/// Stops when a number has become as good as another one was in an earlier stage's best epoch.
///
/// For a second phase on all rows: go on until the validation rows, which are trained on now, are fitted as well as the
/// training rows were when early stopping ended the first phase. (Goodfellow et al.: Maxout networks, 2013, section
/// 5.1.)
public struct Match: StoppingRule, Registrable {
  /// The rule's configuration.
  public struct Configuration: ConfigurationFields {
    /// The number to watch, as in `metrics.csv`.
    public var monitor = "validation.loss"
    /// The earlier stage's number to reach.
    public var target = "train.loss"
    /// What tells the earlier stage's best epoch.
    public var best = "validation.error"
    /// The earlier stage; null takes the one before.
    public var stage: String?

    /// The loss of the validation rows down to that of the training rows.
    public init() {}
  }

  /// `"match"`.
  public static let name = "match"
  /// What is worth knowing.
  public static let card = Card(
    "Stops when a number has become as good as another one was in an earlier stage's best epoch.",
    fields: [
      "monitor": "The number to watch, named as in metrics.csv.",
      "target": "The number of the earlier stage to reach, of the same kind as monitor.",
      "best": "The number that tells the earlier stage's best epoch.",
      "stage": "The earlier stage; the one before unless given.",
    ],
    references: ["Goodfellow, Warde-Farley, Mirza, Courville, Bengio: Maxout networks (2013)"])

  let configuration: Configuration

  /// Checks the configuration.
  public init(_ configuration: Configuration, in registries: Registries) throws {
    try Check.nonEmpty(configuration.monitor, "monitor")
    try Check.nonEmpty(configuration.target, "target")
    try Check.nonEmpty(configuration.best, "best")
    self.configuration = configuration
  }

  /// Throws `ConfigurationError` for two numbers of different kinds.
  public func check() throws {
    let kind = Match.kind(of: configuration.monitor)
    try Check.that(
      Match.kind(of: configuration.target) == kind, "stopping.target",
      "a number of the monitor's kind, such as train.\(kind)", found: configuration.target)
  }

  /// What is measured, whatever the part: `"loss"` of `"train.loss"`.
  private static func kind(of name: String) -> Substring { name.drop { $0 != "." }.dropFirst() }

  /// The last epoch's parameters are the result.
  public var restoresBest: Bool { false }

  /// The number to watch.
  public var monitors: [String] { [configuration.monitor] }

  /// The earlier stage's numbers.
  public var lookback: Lookback? { Lookback([configuration.target, configuration.best], of: configuration.stage) }

  /// Stops where the number has reached the earlier stage's. Throws ``TrainingError`` where there is no such stage or
  /// it has not measured what is asked for.
  public func decisions(earlier: [EpochRecord]) throws -> (EpochRecord) throws -> StoppingDecision {
    guard let stage = configuration.stage ?? earlier.last?.stage, earlier.contains(where: { $0.stage == stage }) else {
      let known = earlier.reduce(into: [String]()) { if $0.last != $1.stage { $0.append($1.stage) } }
      throw TrainingError.noEarlierStage(configuration.stage, known: known)
    }
    var monitor = Monitor(configuration.best)
    let measured = try earlier.filter { $0.stage == stage }
      .compactMap { record in try monitor.value(of: record).map { (record: record, value: $0) } }
    let best = measured.min { $0.value < $1.value }
    guard let best, let target = best.record.values[configuration.target] else {
      throw TrainingError.unknownMonitor(configuration.target, known: best?.record.values.keys.sorted() ?? [])
    }
    let sign = Monitor(configuration.monitor).sign
    return { record in
      let value = record.values[configuration.monitor]
      return StoppingDecision(isBest: false, stops: value.map { $0 * sign <= target * sign } ?? false)
    }
  }
}
