import AviaryCore
import AviaryRegistry

/// Exponential decay, optionally to a floor.
///
///     v(t) = max(floor, initial · factor^(t / every))
///
/// The time t counts the steps or epochs done, from 0. For a decay given as a division, 0.1 / 1.000004ᵗ, use the factor
/// 1 / 1.000004 = 0.999996000016. PyTorch's `ExponentialLR` is `every: 1, unit: .epoch`.
public struct ExponentialSchedule: Schedule, Registrable {
  public static let name = "exponential"
  public static let card = Card(
    "Exponential decay, optionally to a floor.",
    formula: "v(t) = max(floor, initial · factor^(t / every))")

  var decay = Decay()
  @Field("Factor per `every` units; below 1 for decay", .positive) var factor = 0.95

  public init() {}

  /// Throws `ConfigurationError` for numbers out of range.
  public init(initial: Double, factor: Double, every: Int = 1, unit: ScheduleUnit = .step, floor: Double = 0) throws {
    decay = Decay(initial: initial, every: every, unit: unit, floor: floor)
    self.factor = factor
    self = try checked()
  }

  public func value(at progress: TrainingProgress) -> Double {
    decay.value(times: Mathematics.power(factor, decay.time(progress)))
  }

  /// From the floor to the initial value; unknown for growth.
  public var range: ClosedRange<Double>? { factor > 1 ? nil : decay.range }
}
