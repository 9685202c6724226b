import AviaryCore
import AviaryRegistry

/// A straight rise before another schedule begins: the first steps are small, while the running means of an optimizer or a
/// normalization know little.
///
/// v(t) = schedule(0) · (start + (1 − start) · t / over) for t < over, then schedule(t − over), t the steps or epochs done,
/// from 0.
///
/// With a number in place of the schedule it is PyTorch's `LinearLR` (whose `start_factor` is 1/3 unless given). (Goyal and
/// others: Accurate, large minibatch SGD, 2017.)
public struct WarmUpSchedule: Schedule, Registrable {
  public static let name = "warm-up"
  public static let card = Card(
    "A straight rise before another schedule begins.",
    formula: "v(t) = schedule(0) · (start + (1 − start) · t / over) for t < over, then schedule(t − over)",
    references: ["Goyal et al.: Accurate, large minibatch SGD (2017), arXiv:1706.02677"])

  @Field(.schedule, "Number, or what follows the rise; its time begins when the rise is done", example: 0.1)
  var schedule: any Schedule
  @Field("Length of the rise in units", .positive, example: 1000) var over: Int
  @Field("Share of the schedule's first value at the start", .in(0...1)) var start = 0.0
  @Field("What t counts") var unit = ScheduleUnit.step

  public init() {}

  /// A rise. Throws `ConfigurationError` for numbers out of range.
  public init(_ schedule: any Schedule, over: Int, start: Double = 0, unit: ScheduleUnit = .step) throws {
    self.schedule = schedule
    self.over = over
    self.start = start
    self.unit = unit
    self = try checked()
  }

  /// The value on the rise, or of the schedule after it.
  public func value(at progress: TrainingProgress) -> Double {
    let done = unit.count(progress)
    guard done < Double(over) else { return schedule.value(at: unit.progress(progress, from: over)) }
    var beginning = progress
    (beginning.step, beginning.epoch) = (0, 0)
    return schedule.value(at: beginning) * (start + (1 - start) * done / Double(over))
  }

  /// From the share of it at the start to the schedule's greatest; not known where the schedule's is not.
  public var range: ClosedRange<Double>? {
    schedule.range.map { min($0.lowerBound, $0.lowerBound * start)...max($0.upperBound, $0.upperBound * start) }
  }
}
