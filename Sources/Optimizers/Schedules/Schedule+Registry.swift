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
  /// Throws what making the schedule throws. Whether its values suit their purpose is for the caller to check:
  /// `try Check.positive(schedule: registries.makeSchedule(configuration.learningRate), "learningRate")`.
  public func makeSchedule(_ configuration: NumberOrSpecification) throws -> any Schedule {
    switch configuration {
    case .number(let number): number
    case .specification(let specification): try make(.schedule, specification)
    }
  }
}
