import AviaryCore
import AviaryRegistry

extension Kind where Product == any Schedule {
  /// Schedules, by name. Wherever one may stand, so may a number.
  public static var schedule: Self { Kind("schedule", range: \.knownRange) }
}

extension Registrable where Self: Schedule {
  /// A schedule.
  public static var kind: Kind<any Schedule> { .schedule }
  /// The schedule itself.
  public func product() -> any Schedule { self }
}
