import AviaryCore
import AviaryRegistry

/// Decay with the inverse of time, on request down to a floor.
///
/// v(t) = max(floor, initial / (1 + rate · t / every)), t the steps or epochs done, from 0.
///
/// Robbins and Monro's conditions for convergence hold without a floor. Keras's `decay` of old (1e-6 an update) is
/// `rate: 1e-6, every: 1`.
public struct InverseTimeSchedule: Schedule, Registrable {
  /// The configuration.
  public struct Configuration: ConfigurationFields {
    /// The value at the start.
    public var initial = 0.1
    /// How fast it falls.
    public var rate = 0.001
    /// The units of the rate.
    public var every = 1
    /// What is counted.
    public var unit = ScheduleUnit.step
    /// The least value.
    public var floor = 0.0

    /// Half the value after a thousand steps.
    public init() {}
  }

  /// `"inverse-time"`.
  public static let name = "inverse-time"
  /// `initial` has to be given.
  public static let required: Set = ["initial"]
  /// What is worth knowing.
  public static let card = Card(
    "Decay with the inverse of time, on request down to a floor.",
    formula: "v(t) = max(floor, initial / (1 + rate · t / every))",
    fields: [
      "initial": "Value at the start, above 0.",
      "rate": "Fall per `every` units, at least 0.",
      "every": "Units that the rate refers to, at least 1.",
      "unit": "What t counts: steps or epochs.",
      "floor": "Least value, at least 0.",
    ],
    references: [
      "Robbins, Monro: A stochastic approximation method (1951)"
    ])

  private let initial: Double
  private let rate: Double
  private let every: Int
  private let unit: ScheduleUnit
  private let floor: Double

  /// A decay. Throws `ConfigurationError` for numbers out of range.
  public init(initial: Double, rate: Double, every: Int = 1, unit: ScheduleUnit = .step, floor: Double = 0) throws {
    self.initial = try Check.positive(initial, "initial")
    self.rate = try Check.nonNegative(rate, "rate")
    self.every = try Check.positive(every, "every")
    self.floor = try Check.nonNegative(floor, "floor")
    self.unit = unit
  }

  /// The schedule of a configuration.
  public init(_ configuration: Configuration, in registries: Registries) throws {
    try self.init(
      initial: configuration.initial, rate: configuration.rate, every: configuration.every, unit: configuration.unit,
      floor: configuration.floor)
  }

  /// The value after the units done.
  public func value(at progress: TrainingProgress) -> Double {
    max(floor, initial / (1 + rate * unit.count(progress) / Double(every)))
  }

  /// From the floor to the value at the start.
  public var range: ClosedRange<Double>? { floor...max(floor, initial) }
}
