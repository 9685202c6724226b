import AviaryCore
import AviaryRegistry

/// Fields of schedules that decay from an initial value to a floor.
struct Decay: FieldGroup {
  @Field("Initial value", .positive, example: 0.1) var initial: Double
  @Field("Number of units per decay", .positive) var every = 1
  @Field("Unit of t: step or epoch") var unit = ScheduleUnit.step
  @Field("Minimum value", .nonNegative) var floor = 0.0

  init() {}

  init(initial: Double = 0.1, every: Int, unit: ScheduleUnit, floor: Double = 0) {
    self.initial = initial
    self.every = every
    self.unit = unit
    self.floor = floor
  }

  func time(_ progress: TrainingProgress) -> Double { unit.count(progress) / Double(every) }

  /// `max(floor, initial · factor)`
  func value(times factor: Double) -> Double { max(floor, initial * factor) }

  /// From the floor to the initial value, for a decreasing schedule.
  var range: ClosedRange<Double> { floor...max(floor, initial) }
}
