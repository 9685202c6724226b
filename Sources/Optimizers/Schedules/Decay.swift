import AviaryCore
import AviaryRegistry

/// A value that begins somewhere and falls in the course of time, at most to a floor: what schedules of decay share.
struct Decay: FieldGroup {
  @Field("Value at the start", .positive, example: 0.1) var initial: Double
  @Field("Units that the fall refers to", .positive) var every = 1
  @Field("What t counts") var unit = ScheduleUnit.step
  @Field("Least value", .nonNegative) var floor = 0.0

  init() {}

  init(initial: Double = 0.1, every: Int, unit: ScheduleUnit, floor: Double = 0) {
    self.initial = initial
    self.every = every
    self.unit = unit
    self.floor = floor
  }

  /// t / every.
  func time(_ progress: TrainingProgress) -> Double { unit.count(progress) / Double(every) }

  /// max(floor, initial · factor).
  func value(times factor: Double) -> Double { max(floor, initial * factor) }

  /// From the floor to the value at the start, for one that falls.
  var range: ClosedRange<Double> { floor...max(floor, initial) }
}
