import AviaryCore
import AviaryRegistry

/// A line search for a step t that satisfies the strong Wolfe conditions: sufficient decrease, f(θ + t·d) ≤ f(θ) +
/// c₁·t·g·d, and a flatter slope, |∇f(θ + t·d)·d| ≤ c₂·|g·d|.
///
/// Trial steps grow until an interval contains such a step; cubic interpolation then narrows it. A loss that is
/// infinite or NaN counts as too high. (Nocedal, Wright: Numerical optimization, 2006, algorithms 3.5 and 3.6, with the
/// safeguards of Schmidt's minFunc, as in PyTorch.)
struct WolfeSearch {
  /// A point on the line.
  struct Point {
    var step: Double
    var loss: Double
    var slope: Double
    var gradient: Tensor
  }

  /// The constant c₁ of sufficient decrease.
  var decrease: Double
  /// The constant c₂ of the slope.
  var flatness: Double
  /// The maximum number of trial points.
  var trials: Int
  /// The search ends when no parameter differs by more than this between the ends of the interval.
  var tolerance = 1e-9

  /// The best point found, with `first` as the first trial step; the start itself if none is better.
  func point(
    from start: Point, _ parameters: Tensor, along direction: Tensor, first: Double, _ evaluation: Evaluation
  ) throws -> Point {
    func at(_ step: Double) throws -> Point {
      let (loss, gradient) = try evaluation.lossAndGradient(at: parameters.adding(step, times: direction))
      return Point(step: step, loss: loss, slope: gradient.dot(direction), gradient: gradient)
    }
    var (ends, count, isDone) = try bracket(start, first, at)
    guard !isDone else { return ends.low }
    let size = direction.abs().max().item()
    var hasStalled = false
    while count < trials, abs(ends.high.step - ends.low.step) * size >= tolerance {
      let step = interpolated(ends.low, ends.high, &hasStalled)
      let new = try at(step)
      count += 1
      if isTooHigh(new, start) || new.loss >= ends.low.loss {
        ends.high = new
        if new.loss < ends.low.loss, new.slope.isFinite { swap(&ends.low, &ends.high) }
      } else {
        isDone = abs(new.slope) <= -flatness * start.slope
        if !isDone, new.slope * (ends.high.step - ends.low.step) >= 0 { ends.high = ends.low }
        ends.low = new
        if isDone { break }
      }
    }
    return ends.low
  }

  private func isTooHigh(_ point: Point, _ start: Point) -> Bool {
    !(point.loss <= start.loss + decrease * point.step * start.slope && point.slope.isFinite)
  }

  /// An interval that contains a good step, better end first; or a good step.
  private func bracket(
    _ start: Point, _ first: Double, _ at: (Double) throws -> Point
  ) throws -> (ends: (low: Point, high: Point), count: Int, isDone: Bool) {
    var (last, new, count) = (start, try at(first), 0)
    while count < trials, new.step < 1e100 {
      if isTooHigh(new, start) || (count > 1 && new.loss >= last.loss) {
        let isBetter = new.loss < last.loss && new.slope.isFinite
        return (isBetter ? (new, last) : (last, new), count, false)
      }
      if abs(new.slope) <= -flatness * start.slope { return ((new, new), count, true) }
      if new.slope >= 0 { return (new.loss < last.loss ? (new, last) : (last, new), count, false) }
      let bounds = (new.step + 0.01 * (new.step - last.step))...(10 * new.step)
      let step = Self.minimum(last, new, in: bounds)
      last = new
      new = try at(step)
      count += 1
    }
    return (new.loss < start.loss ? (new, start) : (start, new), count, false)
  }

  /// A step between two ends, not too close to one of them twice in a row.
  private func interpolated(_ low: Point, _ high: Point, _ hasStalled: inout Bool) -> Double {
    let (least, greatest) = (min(low.step, high.step), max(low.step, high.step))
    let step = Self.minimum(low, high, in: least...greatest)
    let margin = 0.1 * (greatest - least)
    guard min(greatest - step, step - least) < margin else {
      hasStalled = false
      return step
    }
    guard hasStalled || step >= greatest || step <= least else {
      hasStalled = true
      return step
    }
    hasStalled = false
    return abs(step - greatest) < abs(step - least) ? greatest - margin : least + margin
  }

  /// The minimum of the cubic through two points with their slopes; the middle if it has none.
  private static func minimum(_ a: Point, _ b: Point, in bounds: ClosedRange<Double>) -> Double {
    let (a, b) = a.step <= b.step ? (a, b) : (b, a)
    let middle = (bounds.lowerBound + bounds.upperBound) / 2
    let d1 = a.slope + b.slope - 3 * (a.loss - b.loss) / (a.step - b.step)
    let square = d1 * d1 - a.slope * b.slope
    guard square >= 0 else { return middle }
    let d2 = square.squareRoot()
    let place = b.step - (b.step - a.step) * ((b.slope + d2 - d1) / (b.slope - a.slope + 2 * d2))
    return place.isNaN ? middle : min(max(place, bounds.lowerBound), bounds.upperBound)
  }
}

/// The configurable numbers of a line search.
struct WolfeFields: FieldGroup {
  @Field("Fraction c₁ of the decrease predicted by the slope that a step must achieve", .between(0, 1)) var decrease =
    1e-4
  @Field("Maximum fraction c₂ of the slope that may remain", .between(0, 1)) var flatness = 0.9
  @Field("Maximum number of trials per search", .positive) var trials = 25

  init() {}

  init(decrease: Double, flatness: Double, trials: Int) {
    self.decrease = decrease
    self.flatness = flatness
    self.trials = trials
  }

  /// Requires c₁ < c₂; otherwise no step may satisfy both conditions.
  func validate() throws {
    try Check.that(
      decrease < flatness, "decrease", "a number below flatness, \(flatness)", found: "\(decrease)")
  }

  var search: WolfeSearch { WolfeSearch(decrease: decrease, flatness: flatness, trials: trials) }
}
