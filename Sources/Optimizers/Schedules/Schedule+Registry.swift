import AviaryCore
import AviaryRegistry

extension Kind where Product == any Schedule {
  /// Schedules, by name.
  public static var schedule: Self { Kind("schedule") }
}

extension Registrable where Self: Schedule {
  /// A schedule.
  public static var kind: Kind<any Schedule> { .schedule }
  /// The schedule itself.
  public func product() -> any Schedule { self }
}

extension Registries {
  /// A number that stays, or the schedule that a specification names.
  ///
  /// - Parameters:
  ///   - check: throws unless a constant is fit for its purpose.
  public func makeSchedule(
    _ configuration: NumberOrSpecification, _ field: ConfigurationPath, check: (Double) throws -> Void
  ) throws -> any Schedule {
    switch configuration {
    case .number(let number):
      try check(number)
      return ConstantSchedule(number)
    case .specification(let specification): return try make(.schedule, specification)
    }
  }
}
