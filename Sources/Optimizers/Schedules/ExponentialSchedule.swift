import AviaryCore
import AviaryRegistry

/// Smooth exponential decay, on request down to a floor.
///
/// v(t) = max(floor, initial · factor^(t / every)), t the steps or epochs done, from 0.
///
/// A decay that is stated as a division, 0.1 / 1.000004ᵗ, has the factor 1 / 1.000004 = 0.999996000016. PyTorch's
/// `ExponentialLR` is `every: 1, unit: .epoch`.
public struct ExponentialSchedule: Schedule, Registrable {
  public static let name = "exponential"
  public static let card = Card(
    "Smooth exponential decay, on request down to a floor.",
    formula: "v(t) = max(floor, initial · factor^(t / every))")

  var decay = Decay()
  @Field("What `every` units multiply by; below 1 the value falls", .positive) var factor = 0.95

  public init() {}

  /// A decay. Throws `ConfigurationError` for numbers out of range.
  public init(initial: Double, factor: Double, every: Int = 1, unit: ScheduleUnit = .step, floor: Double = 0) throws {
    decay = Decay(initial: initial, every: every, unit: unit, floor: floor)
    self.factor = factor
    self = try checked()
  }

  /// The value after the units done.
  public func value(at progress: TrainingProgress) -> Double {
    decay.value(times: Mathematics.power(factor, decay.time(progress)))
  }

  /// From the floor to the value at the start; not known of growth.
  public var range: ClosedRange<Double>? { factor > 1 ? nil : decay.range }
}
