import AviaryCore
import AviaryRegistry

/// Decay in stairs: multiplied by a factor once every so many steps or epochs.
///
/// v(t) = max(floor, initial · factor^⌊t / every⌋), t the steps or epochs done, from 0.
///
/// The factor and the unit are those of PyTorch's `StepLR` unless given.
public struct StepSchedule: Schedule, Registrable {
  public static let name = "step"
  public static let card = Card(
    "Decay in stairs: multiplied by a factor once every so many steps or epochs.",
    formula: "v(t) = max(floor, initial · factor^⌊t / every⌋)")

  var decay = Decay(every: 30, unit: .epoch)
  @Field("What each stair multiplies by; below 1 the value falls", .positive) var factor = 0.1

  public init() {}

  /// Stairs. Throws `ConfigurationError` for numbers out of range.
  public init(
    initial: Double, factor: Double = 0.1, every: Int = 30, unit: ScheduleUnit = .epoch, floor: Double = 0
  ) throws {
    decay = Decay(initial: initial, every: every, unit: unit, floor: floor)
    self.factor = factor
    self = try checked()
  }

  /// The value on the present stair.
  public func value(at progress: TrainingProgress) -> Double {
    decay.value(times: Mathematics.power(factor, decay.time(progress).rounded(.down)))
  }

  /// From the floor to the first stair; not known of stairs that rise.
  public var range: ClosedRange<Double>? { factor > 1 ? nil : decay.range }
}
