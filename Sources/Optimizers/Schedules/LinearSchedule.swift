import AviaryCore
import AviaryRegistry

/// A straight ramp from one value to another: a momentum that rises, a rate that falls or warms up.
///
/// v(t) = from + (to − from) · clamp((t − after) / over, 0, 1), t the steps or epochs done, from 0.
public struct LinearSchedule: Schedule, Registrable {
  public static let name = "linear"
  public static let card = Card(
    "A straight ramp from one value to another.",
    formula: "v(t) = from + (to − from) · clamp((t − after) / over, 0, 1)")

  @Field("Value up to the start of the ramp", example: 0.5) var from: Double
  @Field("Value from the end of the ramp on", example: 0.9) var to: Double
  var ramp = Ramp()

  public init() {}

  /// A ramp. Throws `ConfigurationError` for numbers out of range.
  public init(from: Double, to: Double, over: Int, after: Int = 0, unit: ScheduleUnit = .step) throws {
    self.from = from
    self.to = to
    ramp = Ramp(over: over, after: after, unit: unit)
    self = try checked()
  }

  /// The value on the ramp.
  public func value(at progress: TrainingProgress) -> Double {
    // Rounding does not lead out of the range.
    min(max(from + (to - from) * ramp.share(at: progress), min(from, to)), max(from, to))
  }

  /// From the lesser to the greater end.
  public var range: ClosedRange<Double>? { min(from, to)...max(from, to) }
}
