import AviaryRegistry

/// Stops when a value becomes as good as another one was in an earlier stage's best epoch.
///
/// For a second phase on all rows: it continues until the validation rows, now trained on, are fitted as well as the
/// training rows were when early stopping ended the first phase. (Goodfellow et al.: Maxout networks, 2013, section
/// 5.1.)
public struct Match: StoppingRule, Registrable {
  public static let name = "match"
  public static let card = Card(
    "Stops when a value becomes as good as another one was in an earlier stage's best epoch.",
    references: ["Goodfellow, Warde-Farley, Mirza, Courville, Bengio: Maxout networks (2013)"])

  @Field("Value to watch, named as in metrics.csv", .nonEmpty) var monitor = "validation.loss"
  @Field("Value of the earlier stage to reach, of the same kind as monitor", .nonEmpty) var target = "train.loss"
  @Field("Value that determines the earlier stage's best epoch", .nonEmpty) var best = "validation.error"
  @Field("Earlier stage; by default the previous one") var stage: String?

  public init() {}

  /// Throws `ConfigurationError` for values out of range.
  public init(
    _ monitor: String = "validation.loss", target: String = "train.loss", best: String = "validation.error",
    stage: String? = nil
  ) throws {
    self.monitor = monitor
    self.target = target
    self.best = best
    self.stage = stage
    self = try checked()
  }

  /// Throws `ConfigurationError` for two values of different kinds.
  public func check() throws {
    let kind = Match.kind(of: monitor)
    try Check.that(
      Match.kind(of: target) == kind, "stopping.target",
      "a value of the monitor's kind, such as train.\(kind)", found: target)
  }

  /// The measure regardless of the part: `"loss"` of `"train.loss"`.
  private static func kind(of name: String) -> Substring { name.drop { $0 != "." }.dropFirst() }

  public var restoresBest: Bool { false }

  public var monitors: [String] { [monitor] }

  /// The values of the earlier stage.
  public var lookback: Lookback? { Lookback([target, best], of: stage) }

  /// Stops once the value has reached the earlier stage's. Throws ``TrainingError`` if there is no such stage, or it
  /// has not measured the values.
  public func decisions(earlier: [EpochRecord]) throws -> (EpochRecord) throws -> StoppingDecision {
    guard let stage = self.stage ?? earlier.last?.stage, earlier.contains(where: { $0.stage == stage }) else {
      let known = earlier.reduce(into: [String]()) { if $0.last != $1.stage { $0.append($1.stage) } }
      throw TrainingError.noEarlierStage(self.stage, known: known)
    }
    var watched = Monitor(self.best)
    let measured = try earlier.filter { $0.stage == stage }
      .compactMap { record in try watched.value(of: record).map { (record: record, value: $0) } }
    let best = measured.min { $0.value < $1.value }
    guard let best, let target = best.record.values[target] else {
      throw TrainingError.unknownMonitor(target, known: best?.record.values.keys.sorted() ?? [])
    }
    let sign = Monitor(monitor).sign
    return { record in
      let value = record.values[monitor]
      return StoppingDecision(isBest: false, stops: value.map { $0 * sign <= target * sign } ?? false)
    }
  }
}
