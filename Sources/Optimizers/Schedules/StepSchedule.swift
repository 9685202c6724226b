import AviaryCore
import AviaryRegistry

/// Decay in stairs: multiplied by a factor once every so many steps or epochs.
///
/// v(t) = max(floor, initial · factor^⌊t / every⌋), t the steps or epochs done, from 0.
///
/// The factor and the unit are those of PyTorch's `StepLR` unless given.
public struct StepSchedule: Schedule, Registrable {
  /// The configuration.
  public struct Configuration: ConfigurationFields {
    /// The value at the start.
    public var initial = 0.1
    /// What a stair multiplies by.
    public var factor = 0.1
    /// The length of a stair.
    public var every = 30
    /// What is counted.
    public var unit = ScheduleUnit.epoch
    /// The least value.
    public var floor = 0.0

    /// Stairs of 30 epochs, each a tenth of the one before.
    public init() {}
  }

  /// `"step"`.
  public static let name = "step"
  /// `initial` has to be given.
  public static let required: Set = ["initial"]
  /// What is worth knowing.
  public static let card = Card(
    "Decay in stairs: multiplied by a factor once every so many steps or epochs.",
    formula: "v(t) = max(floor, initial · factor^⌊t / every⌋)",
    fields: [
      "initial": "Value at the start, above 0.",
      "factor": "What a stair multiplies by, above 0; below 1 the value falls.",
      "every": "Length of a stair in units, at least 1.",
      "unit": "What t counts: steps or epochs.",
      "floor": "Least value, at least 0.",
    ])

  private let initial: Double
  private let factor: Double
  private let every: Int
  private let unit: ScheduleUnit
  private let floor: Double

  /// Stairs. Throws `ConfigurationError` for numbers out of range.
  public init(
    initial: Double, factor: Double = 0.1, every: Int = 30, unit: ScheduleUnit = .epoch, floor: Double = 0
  ) throws {
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

  /// The value on the present stair.
  public func value(at progress: TrainingProgress) -> Double {
    let stair = (unit.count(progress) / Double(every)).rounded(.down)
    return max(floor, initial * Mathematics.power(factor, stair))
  }

  /// From the floor to the first stair; not known of stairs that rise.
  public var range: ClosedRange<Double>? { factor > 1 ? nil : floor...max(floor, initial) }
}
