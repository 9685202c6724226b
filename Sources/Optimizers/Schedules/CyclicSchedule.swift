import AviaryCore
import AviaryRegistry

/// A value that goes up and down in straight lines, on request a little less high each time.
///
/// v(t) = from + (to − from) · h(t) · factorᵏ · decayᵗ, h rising from 0 to 1 over `rise` units and falling back over `fall`,
/// k the cycles done, t the steps or epochs done, from 0.
///
/// PyTorch's `CyclicLR`: `triangular` as it is, `triangular2` with the factor ½, `exp_range` with gamma as the decay.
/// (Smith: Cyclical learning rates for training neural networks, 2017.)
public struct CyclicSchedule: Schedule, Registrable {
  public static let name = "cyclic"
  public static let card = Card(
    "A value that goes up and down in straight lines, on request a little less high each time.",
    formula: "v(t) = from + (to − from) · h(t) · factorᵏ · decayᵗ,  h up and down between 0 and 1, k the cycles done",
    references: ["Smith: Cyclical learning rates for training neural networks (2017), arXiv:1506.01186"])

  @Field("Value at the start of each cycle", example: 0.001) var from: Double
  @Field("Value at the peak", example: 0.1) var to: Double
  @Field("Units from the start of a cycle to its peak", .positive, example: 2000) var rise: Int
  @Field("Units from the peak to the end of the cycle; as many as for the rise unless given", .positive) var fall: Int?
  @Field("What each cycle multiplies the height of the next by", .in(0...1)) var factor = 1.0
  @Field("What each unit multiplies the height by", .in(0...1)) var decay = 1.0
  @Field("What t counts") var unit = ScheduleUnit.step

  public init() {}

  /// Cycles. Throws `ConfigurationError` for numbers out of range.
  public init(
    from: Double, to: Double, rise: Int, fall: Int? = nil, factor: Double = 1, decay: Double = 1,
    unit: ScheduleUnit = .step
  ) throws {
    self.from = from
    self.to = to
    self.rise = rise
    self.fall = fall
    self.factor = factor
    self.decay = decay
    self.unit = unit
    self = try checked()
  }

  /// The value in the present cycle.
  public func value(at progress: TrainingProgress) -> Double {
    let (time, up) = (unit.count(progress), Double(rise))
    let length = up + Double(fall ?? rise)
    let cycle = (time / length).rounded(.down)
    let done = time - cycle * length
    let height = done <= up ? done / up : (length - done) / (length - up)
    let value = from + (to - from) * height * Mathematics.power(factor, cycle) * Mathematics.power(decay, time)
    // Rounding does not lead out of the range.
    return min(max(value, min(from, to)), max(from, to))
  }

  /// From the lesser to the greater end.
  public var range: ClosedRange<Double>? { min(from, to)...max(from, to) }
}
