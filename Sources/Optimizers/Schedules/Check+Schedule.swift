import AviaryCore
import AviaryRegistry

/// Checks of hyper-parameters that may change during a training. A number is checked as such; of a schedule its least and
/// greatest value, or, where it does not know them, its value at the start.
extension Check {
  /// A number above 0, or a schedule that starts above 0 and never falls below it: decays may end at 0.
  @discardableResult
  public static func positive(
    _ schedule: any Schedule, _ field: ConfigurationPath
  ) throws(ConfigurationError) -> any Schedule {
    if let number = schedule as? Double { return try positive(number, field) }
    try positive(schedule.value(at: Progress()), field)
    return try nonNegative(schedule, field)
  }

  /// A number of at least 0 at any time.
  @discardableResult
  public static func nonNegative(
    _ schedule: any Schedule, _ field: ConfigurationPath
  ) throws(ConfigurationError) -> any Schedule {
    for value in extremes(schedule) { try nonNegative(value, field) }
    return schedule
  }

  /// A number in a half-open range at any time, such as a momentum in 0..<1.
  @discardableResult
  public static func value(
    _ schedule: any Schedule, in range: Range<Double>, _ field: ConfigurationPath
  ) throws(ConfigurationError) -> any Schedule {
    for value in extremes(schedule) { try Check.value(value, in: range, field) }
    return schedule
  }

  /// Any number but NaN and the infinities.
  @discardableResult
  static func finite(_ value: Double, _ field: ConfigurationPath) throws(ConfigurationError) -> Double {
    try that(value.isFinite, field, "a number", found: value)
    return value
  }

  private static func extremes(_ schedule: any Schedule) -> [Double] {
    schedule.range.map { [$0.lowerBound, $0.upperBound] } ?? [schedule.value(at: Progress())]
  }
}
