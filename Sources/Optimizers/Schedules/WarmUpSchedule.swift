import AviaryCore
import AviaryRegistry

/// A linear warm-up before another schedule: the first steps are small while the running means of the optimizer or of a
/// normalization are unreliable.
///
///     v(t) = schedule(0) · (start + (1 − start) · t / over) for t < over, then schedule(t − over)
///
/// The time t counts the steps or epochs done, from 0. With a number as the schedule it is PyTorch's `LinearLR` (whose
/// default `start_factor` is 1/3). (Goyal and others: Accurate, large minibatch SGD, 2017.)
public struct WarmUpSchedule: Schedule, Registrable {
  public static let name = "warm-up"
  public static let card = Card(
    "A linear warm-up before another schedule.",
    formula: "v(t) = schedule(0) · (start + (1 − start) · t / over) for t < over, then schedule(t − over)",
    references: ["Goyal et al.: Accurate, large minibatch SGD (2017), arXiv:1706.02677"])

  @Field(.schedule, "Number or schedule after the warm-up; its time starts when the warm-up ends", example: 0.1)
  var schedule: any Schedule
  @Field("Length of the warm-up in units", .positive, example: 1000) var over: Int
  @Field("Fraction of the schedule's first value at the start", .in(0...1)) var start = 0.0
  @Field("Unit of t: step or epoch") var unit = ScheduleUnit.step

  public init() {}

  /// Throws `ConfigurationError` for numbers out of range.
  public init(_ schedule: any Schedule, over: Int, start: Double = 0, unit: ScheduleUnit = .step) throws {
    self.schedule = schedule
    self.over = over
    self.start = start
    self.unit = unit
    self = try checked()
  }

  public func value(at progress: TrainingProgress) -> Double {
    let done = unit.count(progress)
    guard done < Double(over) else { return schedule.value(at: unit.progress(progress, from: over)) }
    var beginning = progress
    (beginning.step, beginning.epoch, beginning.measured) = (0, 0, [])
    return schedule.value(at: beginning) * (start + (1 - start) * done / Double(over))
  }

  /// The schedule's.
  public var monitors: [String] { schedule.monitors }

  /// From the initial fraction of the schedule's value to its maximum; unknown if the schedule's range is.
  public var range: ClosedRange<Double>? {
    schedule.range.map { min($0.lowerBound, $0.lowerBound * start)...max($0.upperBound, $0.upperBound * start) }
  }
}
