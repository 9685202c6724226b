import AviaryCore
import AviaryRegistry

/// Decay with the inverse of time, optionally to a floor.
///
///     v(t) = max(floor, initial / (1 + rate · t / every))
///
/// The time t counts the steps or epochs done, from 0. Without a floor, Robbins and Monro's conditions for convergence
/// hold. The former `decay` of Keras (1e-6 per update) is `rate: 1e-6, every: 1`.
public struct InverseTimeSchedule: Schedule, Registrable {
  public static let name = "inverse-time"
  public static let card = Card(
    "Decay with the inverse of time, optionally to a floor.",
    formula: "v(t) = max(floor, initial / (1 + rate · t / every))",
    references: [
      "Robbins, Monro: A stochastic approximation method (1951)"
    ])

  var decay = Decay()
  @Field("Decay rate per `every` units", .nonNegative) var rate = 0.001

  public init() {}

  /// Throws `ConfigurationError` for numbers out of range.
  public init(initial: Double, rate: Double, every: Int = 1, unit: ScheduleUnit = .step, floor: Double = 0) throws {
    decay = Decay(initial: initial, every: every, unit: unit, floor: floor)
    self.rate = rate
    self = try checked()
  }

  public func value(at progress: TrainingProgress) -> Double {
    max(decay.floor, decay.initial / (1 + rate * decay.unit.count(progress) / Double(decay.every)))
  }

  /// From the floor to the initial value.
  public var range: ClosedRange<Double>? { decay.range }
}
