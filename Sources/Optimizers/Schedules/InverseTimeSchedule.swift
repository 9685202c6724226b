import AviaryCore
import AviaryRegistry

/// Decay with the inverse of time, on request down to a floor.
///
/// v(t) = max(floor, initial / (1 + rate · t / every)), t the steps or epochs done, from 0.
///
/// Robbins and Monro's conditions for convergence hold without a floor. Keras's `decay` of old (1e-6 an update) is
/// `rate: 1e-6, every: 1`.
public struct InverseTimeSchedule: Schedule, Registrable {
  public static let name = "inverse-time"
  public static let card = Card(
    "Decay with the inverse of time, on request down to a floor.",
    formula: "v(t) = max(floor, initial / (1 + rate · t / every))",
    references: [
      "Robbins, Monro: A stochastic approximation method (1951)"
    ])

  var decay = Decay()
  @Field("Fall per `every` units", .nonNegative) var rate = 0.001

  public init() {}

  /// A decay. Throws `ConfigurationError` for numbers out of range.
  public init(initial: Double, rate: Double, every: Int = 1, unit: ScheduleUnit = .step, floor: Double = 0) throws {
    decay = Decay(initial: initial, every: every, unit: unit, floor: floor)
    self.rate = rate
    self = try checked()
  }

  /// The value after the units done.
  public func value(at progress: TrainingProgress) -> Double {
    max(decay.floor, decay.initial / (1 + rate * decay.unit.count(progress) / Double(decay.every)))
  }

  /// From the floor to the value at the start.
  public var range: ClosedRange<Double>? { decay.range }
}
