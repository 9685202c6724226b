import AviaryCore
import AviaryRegistry

/// Step decay: multiplies by a factor after every few steps or epochs.
///
///     v(t) = max(floor, initial · factor^⌊t / every⌋)
///
/// The time t counts the steps or epochs done, from 0. The default factor and unit are those of PyTorch's `StepLR`.
public struct StepSchedule: Schedule, Registrable {
  public static let name = "step"
  public static let card = Card(
    "Step decay: multiplies by a factor after every few steps or epochs.",
    formula: "v(t) = max(floor, initial · factor^⌊t / every⌋)")

  var decay = Decay(every: 30, unit: .epoch)
  @Field("Factor per `every` units; below 1 for decay", .positive) var factor = 0.1

  public init() {}

  /// Throws `ConfigurationError` for numbers out of range.
  public init(
    initial: Double, factor: Double = 0.1, every: Int = 30, unit: ScheduleUnit = .epoch, floor: Double = 0
  ) throws {
    decay = Decay(initial: initial, every: every, unit: unit, floor: floor)
    self.factor = factor
    self = try checked()
  }

  public func value(at progress: TrainingProgress) -> Double {
    decay.value(times: Mathematics.power(factor, decay.time(progress).rounded(.down)))
  }

  /// From the floor to the initial value; unknown for growth.
  public var range: ClosedRange<Double>? { factor > 1 ? nil : decay.range }
}
