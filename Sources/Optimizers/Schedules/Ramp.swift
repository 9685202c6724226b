import AviaryCore
import AviaryRegistry

/// Fields of schedules that ramp from one value to another.
struct Ramp: FieldGroup {
  @Field("Length of the ramp in units", .positive, example: 1000) var over: Int
  @Field("Units before the ramp starts", .nonNegative) var after = 0
  @Field("Unit of t: step or epoch") var unit = ScheduleUnit.step

  init() {}

  init(over: Int, after: Int, unit: ScheduleUnit) { (self.over, self.after, self.unit) = (over, after, unit) }

  /// The completed fraction of the ramp, clamp((t − after) / over, 0, 1).
  func share(at progress: TrainingProgress) -> Double {
    min(max((unit.count(progress) - Double(after)) / Double(over), 0), 1)
  }
}
