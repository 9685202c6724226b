import AviaryCore
import AviaryRegistry

extension Kind where Product == any Schedule {
  /// Schedules, by name. Wherever a schedule is allowed, so is a number.
  public static var schedule: Self { Kind("schedule", range: \.knownRange) }
}

extension Registrable where Self: Schedule {
  public static var kind: Kind<any Schedule> { .schedule }
  public func product() -> any Schedule { self }
}
