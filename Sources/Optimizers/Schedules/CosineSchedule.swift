import AviaryCore
import AviaryRegistry

/// Half a cosine from one value to another: slow, fast, slow.
///
/// v(t) = to + (from − to) · (1 + cos(π · clamp((t − after) / over, 0, 1))) / 2, t the steps or epochs done, from 0.
///
/// PyTorch's `CosineAnnealingLR` goes up again after `over` units; this stays.
public struct CosineSchedule: Schedule, Registrable {
  /// The configuration.
  public struct Configuration: ConfigurationFields {
    /// The value before and at the start of the ramp.
    public var from = 0.1
    /// The value from the end of the ramp on.
    public var to = 0.0
    /// The length of the ramp.
    public var over = 1000
    /// The units before the ramp starts.
    public var after = 0
    /// What is counted.
    public var unit = ScheduleUnit.step

    /// From 0.1 to 0 over a thousand steps.
    public init() {}
  }

  /// `"cosine"`.
  public static let name = "cosine"
  /// `from` and `over` have to be given.
  public static let required: Set = ["from", "over"]
  /// What is worth knowing.
  public static let card = Card(
    "Half a cosine from one value to another: slow, fast, slow.",
    formula: "v(t) = to + (from − to) · (1 + cos(π · clamp((t − after) / over, 0, 1))) / 2",
    fields: [
      "from": "Value up to the start of the ramp.",
      "to": "Value from the end of the ramp on.",
      "over": "Length of the ramp in units, at least 1.",
      "after": "Units before the ramp starts, at least 0.",
      "unit": "What t counts: steps or epochs.",
    ],
    references: [
      "Loshchilov, Hutter: SGDR, stochastic gradient descent with warm restarts (2017), arXiv:1608.03983"
    ])

  private let from: Double
  private let to: Double
  private let over: Int
  private let after: Int
  private let unit: ScheduleUnit

  /// An arc. Throws `ConfigurationError` for numbers out of range.
  public init(from: Double, to: Double = 0, over: Int, after: Int = 0, unit: ScheduleUnit = .step) throws {
    self.from = try Check.finite(from, "from")
    self.to = try Check.finite(to, "to")
    self.over = try Check.positive(over, "over")
    self.after = try Check.nonNegative(after, "after")
    self.unit = unit
  }

  /// The schedule of a configuration.
  public init(_ configuration: Configuration, in registries: Registries) throws {
    try self.init(
      from: configuration.from, to: configuration.to, over: configuration.over, after: configuration.after,
      unit: configuration.unit)
  }

  /// The value on the arc.
  public func value(at progress: TrainingProgress) -> Double {
    let done = min(max((unit.count(progress) - Double(after)) / Double(over), 0), 1)
    let value = to + (from - to) * (1 + Mathematics.cosineOfHalfTurns(done)) / 2
    // Rounding does not lead out of the range.
    return min(max(value, min(from, to)), max(from, to))
  }

  /// From the lesser to the greater end.
  public var range: ClosedRange<Double>? { min(from, to)...max(from, to) }
}
