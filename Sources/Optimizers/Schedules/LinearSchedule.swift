import AviaryCore
import AviaryRegistry

/// A straight ramp from one value to another: a momentum that rises, a rate that falls or warms up.
///
/// v(t) = from + (to − from) · clamp((t − after) / over, 0, 1), t the steps or epochs done, from 0.
public struct LinearSchedule: Schedule, Registrable {
  /// The configuration.
  public struct Configuration: ConfigurationFields {
    /// The value before and at the start of the ramp.
    public var from = 0.5
    /// The value from the end of the ramp on.
    public var to = 0.9
    /// The length of the ramp.
    public var over = 1000
    /// The units before the ramp starts.
    public var after = 0
    /// What is counted.
    public var unit = ScheduleUnit.step

    /// From 0.5 to 0.9 over a thousand steps.
    public init() {}
  }

  /// `"linear"`.
  public static let name = "linear"
  /// `from` and `to` and `over` have to be given.
  public static let required: Set = ["from", "to", "over"]
  /// What is worth knowing.
  public static let card = Card(
    "A straight ramp from one value to another.",
    formula: "v(t) = from + (to − from) · clamp((t − after) / over, 0, 1)",
    fields: [
      "from": "Value up to the start of the ramp.",
      "to": "Value from the end of the ramp on.",
      "over": "Length of the ramp in units, at least 1.",
      "after": "Units before the ramp starts, at least 0.",
      "unit": "What t counts: steps or epochs.",
    ])

  private let from: Double
  private let to: Double
  private let over: Int
  private let after: Int
  private let unit: ScheduleUnit

  /// A ramp. Throws `ConfigurationError` for numbers out of range.
  public init(from: Double, to: Double, over: Int, after: Int = 0, unit: ScheduleUnit = .step) throws {
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

  /// The value on the ramp.
  public func value(at progress: TrainingProgress) -> Double {
    let done = min(max((unit.count(progress) - Double(after)) / Double(over), 0), 1)
    // Rounding does not lead out of the range.
    return min(max(from + (to - from) * done, min(from, to)), max(from, to))
  }

  /// From the lesser to the greater end.
  public var range: ClosedRange<Double>? { min(from, to)...max(from, to) }
}
