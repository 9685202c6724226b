import AviaryCore
import AviaryRegistry

/// A linear ramp from one value to another, such as a rising momentum or a warm-up.
///
///     v(t) = from + (to − from) · clamp((t − after) / over, 0, 1)
///
/// The time t counts the steps or epochs done, from 0.
public struct LinearSchedule: Schedule, Registrable {
  public static let name = "linear"
  public static let card = Card(
    "A linear ramp from one value to another.",
    formula: "v(t) = from + (to − from) · clamp((t − after) / over, 0, 1)")

  @Field("Value until the ramp starts", example: 0.5) var from: Double
  @Field("Value after the ramp", example: 0.9) var to: Double
  var ramp = Ramp()

  public init() {}

  /// Throws `ConfigurationError` for numbers out of range.
  public init(from: Double, to: Double, over: Int, after: Int = 0, unit: ScheduleUnit = .step) throws {
    self.from = from
    self.to = to
    ramp = Ramp(over: over, after: after, unit: unit)
    self = try checked()
  }

  public func value(at progress: TrainingProgress) -> Double {
    // Clamps, because rounding may leave the range.
    min(max(from + (to - from) * ramp.share(at: progress), min(from, to)), max(from, to))
  }

  /// From the smaller to the larger of `from` and `to`.
  public var range: ClosedRange<Double>? { min(from, to)...max(from, to) }
}
