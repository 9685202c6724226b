import AviaryCore
import AviaryRegistry

/// Decay with the inverse square root of the step: α/(n√i).
///
/// v(t) = max(floor, initial / (samples · √(t + 1))), t the steps or epochs done, from 0, so that i = t + 1 counts from 1.
///
/// The rate of online gradient descent with bounded regret; divided by the number n of training samples where the loss is
/// their sum and not their mean.
public struct InverseSquareRootSchedule: Schedule, Registrable {
  /// The configuration.
  public struct Configuration: ConfigurationFields {
    /// α.
    public var initial = 0.1
    /// n.
    public var samples = 1
    /// What is counted.
    public var unit = ScheduleUnit.step
    /// The least value.
    public var floor = 0.0

    /// The first value 0.1.
    public init() {}
  }

  /// `"inverse-square-root"`.
  public static let name = "inverse-square-root"
  /// `initial` has to be given.
  public static let required: Set = ["initial"]
  /// What is worth knowing.
  public static let card = Card(
    "Decay with the inverse square root of the step.",
    formula: "v(t) = max(floor, initial / (samples · √(t + 1)))",
    fields: [
      "initial": "α, the value at the start if `samples` is 1, above 0.",
      "samples": "n, which divides the value, at least 1: the number of samples, for a loss that sums over them.",
      "unit": "What t counts: steps or epochs.",
      "floor": "Least value, at least 0.",
    ],
    references: [
      "Zinkevich: Online convex programming and generalized infinitesimal gradient ascent (2003)"
    ])

  private let initial: Double
  private let samples: Int
  private let unit: ScheduleUnit
  private let floor: Double

  /// A decay. Throws `ConfigurationError` for numbers out of range.
  public init(initial: Double, samples: Int = 1, unit: ScheduleUnit = .step, floor: Double = 0) throws {
    self.initial = try Check.positive(initial, "initial")
    self.samples = try Check.positive(samples, "samples")
    self.floor = try Check.nonNegative(floor, "floor")
    self.unit = unit
  }

  /// The schedule of a configuration.
  public init(_ configuration: Configuration, in registries: Registries) throws {
    try self.init(
      initial: configuration.initial, samples: configuration.samples, unit: configuration.unit,
      floor: configuration.floor)
  }

  /// The value after the units done.
  public func value(at progress: TrainingProgress) -> Double {
    max(floor, initial / (Double(samples) * (unit.count(progress) + 1).squareRoot()))
  }

  /// From the floor to the value at the start.
  public var range: ClosedRange<Double>? { floor...max(floor, initial / Double(samples)) }
}
