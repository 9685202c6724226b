import AviaryCore
import AviaryRegistry

/// One rise and one fall over the whole training: the rate that trains in few epochs, "super-convergence".
///
/// From `from` to `peak` over the first `rise` of the units, then to `to` at the last of `over` units, where it stays. The
/// value at each end is exact: with T = over and m = rise·T − 1 the rise is done at t = m and the fall at t = T − 1, t the
/// steps or epochs done, from 0.
///
/// PyTorch's `OneCycleLR(max_lr: peak)` has from = peak / 25 and to = from / 10⁴. For a momentum that goes the other way,
/// `from: 0.95, peak: 0.85, to: 0.95`. (Smith and Topin: Super-convergence, 2018.)
public struct OneCycleSchedule: Schedule, Registrable {
  /// How a value goes to another.
  public enum Curve: String, CaseIterable, FieldValue {
    /// Along half a cosine.
    case cosine
    /// Straight.
    case linear
  }

  public static let name = "one-cycle"
  public static let card = Card(
    "One rise and one fall over the whole training.",
    formula: "v(t): from → peak over the first share `rise` of the units, then → to",
    references: [
      "Smith, Topin: Super-convergence, very fast training of neural networks using large learning rates (2018), "
        + "arXiv:1708.07120"
    ])

  @Field("Value at the start", example: 0.004) var from: Double
  @Field("Value at the peak", example: 0.1) var peak: Double
  @Field("Value at the end") var to = 0.0
  @Field("Length of the cycle in units", .atLeast(2), example: 1000) var over: Int
  @Field("Share of the cycle until the peak", .between(0, 1)) var rise = 0.3
  @Field("How a value goes to the other") var curve = Curve.cosine
  @Field("What t counts") var unit = ScheduleUnit.step

  public init() {}

  /// A cycle. Throws `ConfigurationError` for numbers out of range, or a rise of not more than one unit.
  public init(
    from: Double, peak: Double, to: Double = 0, over: Int, rise: Double = 0.3, curve: Curve = .cosine,
    unit: ScheduleUnit = .step
  ) throws {
    self.from = from
    self.peak = peak
    self.to = to
    self.over = over
    self.rise = rise
    self.curve = curve
    self.unit = unit
    self = try checked()
  }

  /// The rise and the fall take time.
  public func validate() throws {
    try Check.that(
      rise * Double(over) > 1 && rise * Double(over) < Double(over), "rise",
      "a share of more than one of the \(over) units", found: rise)
  }

  /// The value on the rise or on the fall.
  public func value(at progress: TrainingProgress) -> Double {
    let (top, end) = (rise * Double(over) - 1, Double(over) - 1)
    let done = min(unit.count(progress), end)
    return done <= top ? between(from, peak, done / top) : between(peak, to, (done - top) / (end - top))
  }

  private func between(_ a: Double, _ b: Double, _ share: Double) -> Double {
    let value =
      switch curve {
      case .cosine: b + (a - b) * (1 + Mathematics.cosineOfHalfTurns(share)) / 2
      case .linear: a * (1 - share) + b * share
      }
    // Rounding does not lead out of the range.
    return min(max(value, min(a, b)), max(a, b))
  }

  /// From the least of the three to the greatest.
  public var range: ClosedRange<Double>? { min(from, peak, to)...max(from, peak, to) }
}
