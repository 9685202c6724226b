import AviaryCore
import AviaryRegistry

/// Schedules one after another, each from a milestone on.
///
/// v(t) = schedules[k](t − milestones[k − 1]), k the number of milestones ≤ t, t the steps or epochs done, from 0: the time
/// of each schedule begins when its turn comes. PyTorch's `SequentialLR`.
public struct ScheduleSequence: Schedule, Registrable {
  public static let name = "sequence"
  public static let card = Card(
    "Schedules one after another, each from a milestone on.",
    formula: "v(t) = schedules[k](t − milestones[k − 1]),  k the number of milestones ≤ t")

  @Field(.schedule, "Schedules or numbers, in order", .nonEmpty, example: [0.1, 0.01]) var schedules: [any Schedule]
  @Field("Moments at which each schedule but the first begins, ascending", .positive, example: [100])
  var milestones: [Int]
  @Field("What t counts") var unit = ScheduleUnit.step

  public init() {}

  /// A sequence. Throws `ConfigurationError` unless there is a milestone for each schedule but the first, and they ascend.
  public init(_ schedules: [any Schedule], milestones: [Int], unit: ScheduleUnit = .step) throws {
    self.schedules = schedules
    self.milestones = milestones
    self.unit = unit
    self = try checked()
  }

  /// A milestone for each schedule but the first.
  public func validate() throws {
    try Check.that(
      milestones.count == schedules.count - 1, "milestones",
      "\(schedules.count - 1) moments, one for each of the \(schedules.count) schedules but the first",
      found: milestones)
    try Check.ascending(milestones, "milestones")
  }

  /// The present schedule's value.
  public func value(at progress: TrainingProgress) -> Double {
    let passed = milestones.count { Double($0) <= unit.count(progress) }
    guard passed > 0 else { return schedules[0].value(at: progress) }
    return schedules[passed].value(at: unit.progress(progress, from: milestones[passed - 1]))
  }

  /// What any of them takes; not known where that of one is not.
  public var range: ClosedRange<Double>? {
    let ranges = schedules.compactMap(\.range)
    guard ranges.count == schedules.count, let least = ranges.map(\.lowerBound).min(),
      let greatest = ranges.map(\.upperBound).max()
    else { return nil }
    return least...greatest
  }
}
