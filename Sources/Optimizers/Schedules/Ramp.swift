import AviaryCore
import AviaryRegistry

/// When a ramp takes place: what schedules that go from one value to another share.
struct Ramp: FieldGroup {
  @Field("Length of the ramp in units", .positive, example: 1000) var over: Int
  @Field("Units before the ramp starts", .nonNegative) var after = 0
  @Field("What t counts") var unit = ScheduleUnit.step

  init() {}

  init(over: Int, after: Int, unit: ScheduleUnit) { (self.over, self.after, self.unit) = (over, after, unit) }

  /// How much of the ramp is done, in 0...1: clamp((t − after) / over, 0, 1).
  func share(at progress: TrainingProgress) -> Double {
    min(max((unit.count(progress) - Double(after)) / Double(over), 0), 1)
  }
}
