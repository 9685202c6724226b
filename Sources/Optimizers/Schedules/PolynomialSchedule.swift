import AviaryCore
import AviaryRegistry

/// Polynomial decay from one value to another.
///
///     v(t) = to + (from − to) · (1 − clamp((t − after) / over, 0, 1))^power
///
/// The time t counts the steps or epochs done, from 0. With the power 1 it is ``LinearSchedule``. PyTorch's
/// `PolynomialLR` has `to: 0`.
public struct PolynomialSchedule: Schedule, Registrable {
  public static let name = "polynomial"
  public static let card = Card(
    "Polynomial decay from one value to another.",
    formula: "v(t) = to + (from − to) · (1 − clamp((t − after) / over, 0, 1))^power",
    references: ["Chen et al.: DeepLab, semantic image segmentation (2016), arXiv:1606.00915"])

  @Field("Value until the ramp starts", example: 0.1) var from: Double
  @Field("Value after the ramp") var to = 0.0
  @Field("Power of the remaining time", .positive) var power = 2.0
  var ramp = Ramp()

  public init() {}

  /// Throws `ConfigurationError` for numbers out of range.
  public init(
    from: Double, to: Double = 0, power: Double = 2, over: Int, after: Int = 0, unit: ScheduleUnit = .step
  ) throws {
    self.from = from
    self.to = to
    self.power = power
    ramp = Ramp(over: over, after: after, unit: unit)
    self = try checked()
  }

  public func value(at progress: TrainingProgress) -> Double {
    let value = to + (from - to) * Mathematics.power(1 - ramp.share(at: progress), power)
    // Clamps, because rounding may leave the range.
    return min(max(value, min(from, to)), max(from, to))
  }

  /// From the smaller to the larger of `from` and `to`.
  public var range: ClosedRange<Double>? { min(from, to)...max(from, to) }
}
