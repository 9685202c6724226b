import AviaryCore
import AviaryRegistry

/// One rise and one fall over the whole training, for training in few epochs ("super-convergence").
///
/// From `from` to `peak` over the first `rise` of the units, then to `to` at the last of `over` units, where it stays.
/// The value at each end is exact: with T = over and m = rise·T − 1, the rise ends at t = m and the fall at t = T − 1,
/// where t counts the steps or epochs done, from 0.
///
/// PyTorch's `OneCycleLR(max_lr: peak)` has from = peak / 25 and to = from / 10⁴. For a momentum that changes in the
/// opposite direction, use `from: 0.95, peak: 0.85, to: 0.95`. (Smith and Topin: Super-convergence, 2018.)
public struct OneCycleSchedule: Schedule, Registrable {
  /// The interpolation between two values.
  public enum Curve: String, CaseIterable, FieldValue {
    /// Half a cosine.
    case cosine
    /// A straight line.
    case linear
  }

  public static let name = "one-cycle"
  public static let card = Card(
    "One rise and one fall over the whole training.",
    formula: "v(t): from → peak over the first fraction `rise` of the units, then → to",
    references: [
      "Smith, Topin: Super-convergence, very fast training of neural networks using large learning rates (2018), "
        + "arXiv:1708.07120"
    ])

  @Field("Initial value", example: 0.004) var from: Double
  @Field("Value at the peak", example: 0.1) var peak: Double
  @Field("Final value") var to = 0.0
  @Field("Length of the cycle in units", .atLeast(2), example: 1000) var over: Int
  @Field("Fraction of the cycle before the peak", .between(0, 1)) var rise = 0.3
  @Field("Interpolation between the values") var curve = Curve.cosine
  @Field("Unit of t: step or epoch") var unit = ScheduleUnit.step

  public init() {}

  /// Throws `ConfigurationError` for numbers out of range, or a rise of at most one unit.
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

  public func validate() throws {
    try Check.that(
      rise * Double(over) > 1 && rise * Double(over) < Double(over), "rise",
      "a fraction that is more than one of the \(over) units", found: rise)
  }

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
    // Clamps, because rounding may leave the range.
    return min(max(value, min(a, b)), max(a, b))
  }

  /// From the smallest to the largest of the three values.
  public var range: ClosedRange<Double>? { min(from, peak, to)...max(from, peak, to) }
}
