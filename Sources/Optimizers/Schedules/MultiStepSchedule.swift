import AviaryCore
import AviaryRegistry

/// Step decay at given milestones.
///
///     v(t) = max(floor, initial · factorᵏ),  k the number of milestones ≤ t
///
/// The time t counts the steps or epochs done, from 0. The default factor and unit are those of PyTorch's
/// `MultiStepLR`.
public struct MultiStepSchedule: Schedule, Registrable {
  public static let name = "multi-step"
  public static let card = Card(
    "Step decay: multiplies by a factor at each milestone.",
    formula: "v(t) = max(floor, initial · factorᵏ),  k the number of milestones ≤ t")

  @Field("Initial value", .positive, example: 0.1) var initial: Double
  @Field("Milestones at which the factor is applied, ascending", .positive.nonEmpty, example: [30, 60])
  var milestones: [Int]
  @Field("Factor per milestone; below 1 for decay", .positive) var factor = 0.1
  @Field("Unit of t: step or epoch") var unit = ScheduleUnit.epoch
  @Field("Minimum value", .nonNegative) var floor = 0.0

  public init() {}

  /// Throws `ConfigurationError` for numbers out of range or milestones that do not ascend.
  public init(
    initial: Double, milestones: [Int], factor: Double = 0.1, unit: ScheduleUnit = .epoch, floor: Double = 0
  ) throws {
    self.initial = initial
    self.milestones = milestones
    self.factor = factor
    self.unit = unit
    self.floor = floor
    self = try checked()
  }

  public func validate() throws { try Check.ascending(milestones, "milestones") }

  public func value(at progress: TrainingProgress) -> Double {
    let passed = milestones.count { Double($0) <= unit.count(progress) }
    return max(floor, initial * Mathematics.power(factor, Double(passed)))
  }

  /// From the last value, or the floor, to the first.
  public var range: ClosedRange<Double>? {
    let last = max(floor, initial * Mathematics.power(factor, Double(milestones.count)))
    let first = max(floor, initial)
    return min(first, last)...max(first, last)
  }
}
