import AviaryCore
import AviaryRegistry

/// Decay in stairs at given moments: multiplied by a factor at each milestone.
///
/// v(t) = max(floor, initial · factorᵏ), k the number of milestones ≤ t, t the steps or epochs done, from 0.
///
/// The factor and the unit are those of PyTorch's `MultiStepLR` unless given.
public struct MultiStepSchedule: Schedule, Registrable {
  public static let name = "multi-step"
  public static let card = Card(
    "Decay in stairs at given moments: multiplied by a factor at each milestone.",
    formula: "v(t) = max(floor, initial · factorᵏ),  k the number of milestones ≤ t")

  @Field("Value at the start", .positive, example: 0.1) var initial: Double
  @Field("Moments from which on the factor counts once more, ascending", .positive.nonEmpty, example: [30, 60])
  var milestones: [Int]
  @Field("What each milestone multiplies by; below 1 the value falls", .positive) var factor = 0.1
  @Field("What t counts") var unit = ScheduleUnit.epoch
  @Field("Least value", .nonNegative) var floor = 0.0

  public init() {}

  /// Stairs. Throws `ConfigurationError` for numbers out of range, and milestones that do not ascend.
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

  /// Milestones ascend.
  public func validate() throws { try Check.ascending(milestones, "milestones") }

  /// The value on the present stair.
  public func value(at progress: TrainingProgress) -> Double {
    let passed = milestones.count { Double($0) <= unit.count(progress) }
    return max(floor, initial * Mathematics.power(factor, Double(passed)))
  }

  /// From the last stair, or the floor, to the first.
  public var range: ClosedRange<Double>? {
    let last = max(floor, initial * Mathematics.power(factor, Double(milestones.count)))
    let first = max(floor, initial)
    return min(first, last)...max(first, last)
  }
}
