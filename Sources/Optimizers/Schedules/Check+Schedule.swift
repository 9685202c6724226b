import AviaryCore
import AviaryRegistry

/// Checks of hyper-parameters that may change during a training. A number is checked as such; of a schedule its least and
/// greatest value, or, where it does not know them, its value at the start.
extension Check {
  /// A number above 0, or a schedule that is never below 0 and not 0 always: ramps may begin and decays end there.
  @discardableResult
  public static func positive(
    schedule: any Schedule, _ field: ConfigurationPath
  ) throws(ConfigurationError) -> ScheduledNumber {
    if let number = schedule as? Double { try positive(number, field) }
    if let range = schedule.range { try positive(range.upperBound, field) }
    return try nonNegative(schedule: schedule, field)
  }

  /// A number of at least 0 at any time.
  @discardableResult
  public static func nonNegative(
    schedule: any Schedule, _ field: ConfigurationPath
  ) throws(ConfigurationError) -> ScheduledNumber {
    for value in extremes(schedule) { try nonNegative(value, field) }
    return ScheduledNumber("\(field)", schedule, in: 0..<(.infinity))
  }

  /// A number in a half-open range at any time, such as a momentum in 0..<1.
  @discardableResult
  public static func value(
    schedule: any Schedule, in range: Range<Double>, _ field: ConfigurationPath
  ) throws(ConfigurationError) -> ScheduledNumber {
    for value in extremes(schedule) { try Check.value(value, in: range, field) }
    return ScheduledNumber("\(field)", schedule, in: range)
  }

  /// Any number but NaN and the infinities.
  @discardableResult
  static func finite(_ value: Double, _ field: ConfigurationPath) throws(ConfigurationError) -> Double {
    try that(value.isFinite, field, "a number", found: value)
    return value
  }

  private static func extremes(_ schedule: any Schedule) -> [Double] {
    schedule.range.map { [$0.lowerBound, $0.upperBound] } ?? [schedule.value(at: TrainingProgress())]
  }
}
