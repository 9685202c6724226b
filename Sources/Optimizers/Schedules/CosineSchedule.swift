import AviaryCore
import AviaryRegistry

/// Half a cosine from one value to another: slow, fast, slow.
///
///     v(t) = to + (from − to) · (1 + cos(π · clamp((t − after) / over, 0, 1))) / 2
///
/// The time t counts the steps or epochs done, from 0. PyTorch's `CosineAnnealingLR` rises again after `over` units;
/// this one stays.
public struct CosineSchedule: Schedule, Registrable {
  public static let name = "cosine"
  public static let card = Card(
    "Half a cosine from one value to another: slow, fast, slow.",
    formula: "v(t) = to + (from − to) · (1 + cos(π · clamp((t − after) / over, 0, 1))) / 2",
    references: [
      "Loshchilov, Hutter: SGDR, stochastic gradient descent with warm restarts (2017), arXiv:1608.03983"
    ])

  @Field("Value until the ramp starts", example: 0.1) var from: Double
  @Field("Value after the ramp") var to = 0.0
  var ramp = Ramp()

  public init() {}

  /// Throws `ConfigurationError` for numbers out of range.
  public init(from: Double, to: Double = 0, over: Int, after: Int = 0, unit: ScheduleUnit = .step) throws {
    self.from = from
    self.to = to
    ramp = Ramp(over: over, after: after, unit: unit)
    self = try checked()
  }

  public func value(at progress: TrainingProgress) -> Double {
    let value = to + (from - to) * (1 + Mathematics.cosineOfHalfTurns(ramp.share(at: progress))) / 2
    // Clamps, because rounding may leave the range.
    return min(max(value, min(from, to)), max(from, to))
  }

  /// From the smaller to the larger of `from` and `to`.
  public var range: ClosedRange<Double>? { min(from, to)...max(from, to) }
}
