import AviaryCore
import AviaryRegistry

/// Smooth exponential decay, on request down to a floor.
///
/// v(t) = max(floor, initial · factor^(t / every)), t the steps or epochs done, from 0.
///
/// A decay that is stated as a division, 0.1 / 1.000004ᵗ, has the factor 1 / 1.000004 = 0.999996000016. PyTorch's
/// `ExponentialLR` is `every: 1, unit: .epoch`.
public struct ExponentialSchedule: Schedule, Registrable {
  /// The configuration.
  public struct Configuration: ConfigurationFields {
    /// The value at the start.
    public var initial = 0.1
    /// What the value is multiplied by.
    public var factor = 0.95
    /// The units in which the factor takes effect once.
    public var every = 1
    /// What is counted.
    public var unit = ScheduleUnit.step
    /// The least value.
    public var floor = 0.0

    /// A twentieth less at every step.
    public init() {}
  }

  /// `"exponential"`.
  public static let name = "exponential"
  /// `initial` has to be given.
  public static let required: Set = ["initial"]
  /// What is worth knowing.
  public static let card = Card(
    "Smooth exponential decay, on request down to a floor.",
    formula: "v(t) = max(floor, initial · factor^(t / every))",
    fields: [
      "initial": "Value at the start, above 0.",
      "factor": "What `every` units multiply by, above 0; below 1 the value falls.",
      "every": "Units in which the factor takes effect once, at least 1.",
      "unit": "What t counts: steps or epochs.",
      "floor": "Least value, at least 0.",
    ])

  private let initial: Double
  private let factor: Double
  private let every: Int
  private let unit: ScheduleUnit
  private let floor: Double

  /// A decay. Throws `ConfigurationError` for numbers out of range.
  public init(initial: Double, factor: Double, every: Int = 1, unit: ScheduleUnit = .step, floor: Double = 0) throws {
    self.initial = try Check.positive(initial, "initial")
    self.factor = try Check.positive(factor, "factor")
    self.every = try Check.positive(every, "every")
    self.floor = try Check.nonNegative(floor, "floor")
    self.unit = unit
  }

  /// The schedule of a configuration.
  public init(_ configuration: Configuration, in registries: Registries) throws {
    try self.init(
      initial: configuration.initial, factor: configuration.factor, every: configuration.every,
      unit: configuration.unit, floor: configuration.floor)
  }

  /// The value after the units done.
  public func value(at progress: TrainingProgress) -> Double {
    max(floor, initial * Mathematics.power(factor, unit.count(progress) / Double(every)))
  }

  /// From the floor to the value at the start; not known of growth.
  public var range: ClosedRange<Double>? { factor > 1 ? nil : floor...max(floor, initial) }
}
