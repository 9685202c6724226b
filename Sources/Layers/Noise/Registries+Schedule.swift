import AviaryCore
import AviaryRegistry

extension Registries {
  /// A number that stays, or the schedule that a specification names: a rate that is annealed during the training.
  ///
  /// The kind of schedules is declared by the module that has them; here they are known by their protocol alone.
  /// Throws what making the schedule throws, and `ConfigurationError` where the number, or the schedule's least or
  /// greatest value (its value at the start, where it does not know them), is out of the range.
  func schedule(
    _ field: String, _ configuration: NumberOrSpecification, in allowed: Range<Double>
  ) throws -> ScheduledNumber {
    let schedule: any Schedule =
      switch configuration {
      case .number(let number): number
      case .specification(let specification): try make(Kind<any Schedule>("schedule"), specification)
      }
    let path: ConfigurationPath = [.key(field)]
    for value in schedule.extremes {
      if allowed == 0..<(.infinity) {
        try Check.nonNegative(value, path)
      } else {
        try Check.value(value, in: allowed, path)
      }
    }
    return ScheduledNumber(field, schedule, in: allowed)
  }

  /// A share of what is dropped or changed, or a schedule of it. Throws unless it stays in [0, 1).
  func rate(_ configuration: NumberOrSpecification) throws -> ScheduledNumber {
    try schedule("rate", configuration, in: 0..<1)
  }
}

extension Schedule {
  /// The least and the greatest value; the value at the start, where they are not known.
  var extremes: [Double] { range.map { [$0.lowerBound, $0.upperBound] } ?? [value(at: TrainingProgress())] }

  /// The schedule as a share of what is dropped or changed. Traps unless it begins in 0..<1, and its range is there.
  func checkedRate(_ file: StaticString, _ line: UInt) -> ScheduledNumber {
    require(extremes.allSatisfy((0..<1).contains), "a rate of \(extremes); it is in 0..<1", file, line)
    return ScheduledNumber("rate", self, in: 0..<1)
  }
}
