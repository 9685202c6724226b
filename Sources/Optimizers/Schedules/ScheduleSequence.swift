import AviaryCore
import AviaryRegistry

/// A sequence of schedules, each starting at a milestone.
///
///     v(t) = schedules[k](t − milestones[k − 1]),  k the number of milestones ≤ t
///
/// The time t counts the steps or epochs done, from 0; each schedule's time starts at its milestone. PyTorch's
/// `SequentialLR`.
public struct ScheduleSequence: Schedule, Registrable {
  public static let name = "sequence"
  public static let card = Card(
    "A sequence of schedules, each starting at a milestone.",
    formula: "v(t) = schedules[k](t − milestones[k − 1]),  k the number of milestones ≤ t")

  @Field(.schedule, "Schedules or numbers, in order", .nonEmpty, example: [0.1, 0.01]) var schedules: [any Schedule]
  @Field("Milestones at which each schedule but the first starts, ascending", .positive, example: [100])
  var milestones: [Int]
  @Field("Unit of t: step or epoch") var unit = ScheduleUnit.step

  public init() {}

  /// Throws `ConfigurationError` unless there is an ascending milestone for each schedule but the first.
  public init(_ schedules: [any Schedule], milestones: [Int], unit: ScheduleUnit = .step) throws {
    self.schedules = schedules
    self.milestones = milestones
    self.unit = unit
    self = try checked()
  }

  public func validate() throws {
    try Check.that(
      milestones.count == schedules.count - 1, "milestones",
      "\(schedules.count - 1) milestones, one for each of the \(schedules.count) schedules but the first",
      found: milestones)
    try Check.ascending(milestones, "milestones")
  }

  public func value(at progress: TrainingProgress) -> Double {
    let passed = milestones.count { Double($0) <= unit.count(progress) }
    guard passed > 0 else { return schedules[0].value(at: progress) }
    return schedules[passed].value(at: unit.progress(progress, from: milestones[passed - 1]))
  }

  /// The schedules'.
  public var monitors: [String] { schedules.flatMap(\.monitors) }

  /// The union of the schedules' ranges; unknown if one is unknown.
  public var range: ClosedRange<Double>? {
    let ranges = schedules.compactMap(\.range)
    guard ranges.count == schedules.count, let least = ranges.map(\.lowerBound).min(),
      let greatest = ranges.map(\.upperBound).max()
    else { return nil }
    return least...greatest
  }
}
