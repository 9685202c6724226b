import AviaryCore
import AviaryRegistry

/// A triangular wave, optionally with decreasing height.
///
///     v(t) = from + (to − from) · h(t) · factorᵏ · decayᵗ
///
/// The wave h rises from 0 to 1 over `rise` units and falls back over `fall`; k counts the completed cycles, and t the
/// steps or epochs done, from 0.
///
/// PyTorch's `CyclicLR`: `triangular` by default, `triangular2` with the factor ½, `exp_range` with gamma as the decay.
/// (Smith: Cyclical learning rates for training neural networks, 2017.)
public struct CyclicSchedule: Schedule, Registrable {
  public static let name = "cyclic"
  public static let card = Card(
    "A triangular wave, optionally with decreasing height.",
    formula:
      "v(t) = from + (to − from) · h(t) · factorᵏ · decayᵗ,  h a triangular wave between 0 and 1, k the number of completed cycles",
    references: ["Smith: Cyclical learning rates for training neural networks (2017), arXiv:1506.01186"])

  @Field("Value at the start of each cycle", example: 0.001) var from: Double
  @Field("Value at the peak", example: 0.1) var to: Double
  @Field("Units from the start of a cycle to its peak", .positive, example: 2000) var rise: Int
  @Field("Units from the peak to the end of the cycle; by default as many as for the rise", .positive) var fall: Int?
  @Field("Factor of each cycle's height for the next", .in(0...1)) var factor = 1.0
  @Field("Factor of the height per unit", .in(0...1)) var decay = 1.0
  @Field("Unit of t: step or epoch") var unit = ScheduleUnit.step

  public init() {}

  /// Throws `ConfigurationError` for numbers out of range.
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

  public func value(at progress: TrainingProgress) -> Double {
    let (time, up) = (unit.count(progress), Double(rise))
    let length = up + Double(fall ?? rise)
    let cycle = (time / length).rounded(.down)
    let done = time - cycle * length
    let height = done <= up ? done / up : (length - done) / (length - up)
    let value = from + (to - from) * height * Mathematics.power(factor, cycle) * Mathematics.power(decay, time)
    // Clamps, because rounding may leave the range.
    return min(max(value, min(from, to)), max(from, to))
  }

  /// From the smaller to the larger of `from` and `to`.
  public var range: ClosedRange<Double>? { min(from, to)...max(from, to) }
}
