import AviaryCore
import AviaryRegistry

/// Decay with the inverse square root of the step, α/(n√i).
///
///     v(t) = max(floor, initial / (samples · √(t + 1)))
///
/// The time t counts the steps or epochs done, from 0, so that i = t + 1 counts from 1. It is the rate of online
/// gradient descent with bounded regret, divided by the number n of training samples if the loss is their sum and not
/// their mean.
public struct InverseSquareRootSchedule: Schedule, Registrable {
  public static let name = "inverse-square-root"
  public static let card = Card(
    "Decay with the inverse square root of the step.",
    formula: "v(t) = max(floor, initial / (samples · √(t + 1)))",
    references: [
      "Zinkevich: Online convex programming and generalized infinitesimal gradient ascent (2003)"
    ])

  @Field("Initial value α if `samples` is 1", .positive, example: 0.1) var initial: Double
  @Field("Number n of samples that divides the value, for a loss summed over samples", .positive) var samples = 1
  @Field("Unit of t: step or epoch") var unit = ScheduleUnit.step
  @Field("Minimum value", .nonNegative) var floor = 0.0

  public init() {}

  /// Throws `ConfigurationError` for numbers out of range.
  public init(initial: Double, samples: Int = 1, unit: ScheduleUnit = .step, floor: Double = 0) throws {
    self.initial = initial
    self.samples = samples
    self.unit = unit
    self.floor = floor
    self = try checked()
  }

  public func value(at progress: TrainingProgress) -> Double {
    max(floor, initial / (Double(samples) * (unit.count(progress) + 1).squareRoot()))
  }

  /// From the floor to the initial value.
  public var range: ClosedRange<Double>? { floor...max(floor, initial / Double(samples)) }
}
