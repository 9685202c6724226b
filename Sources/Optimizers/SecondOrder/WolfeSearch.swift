import AviaryCore
import AviaryRegistry

/// A search along a line for a step t that obeys the strong Wolfe conditions: the loss falls enough,
/// f(θ + t·d) ≤ f(θ) + c₁·t·g·d, and the slope is flat enough, |∇f(θ + t·d)·d| ≤ c₂·|g·d|.
///
/// Trial steps grow until an interval holds such a step, and cubic interpolation then makes it smaller. A loss that is
/// infinite or not a number counts as too high. (Nocedal, Wright: Numerical optimization, 2006, algorithms 3.5 and 3.6, with
/// the safeguards of Schmidt's minFunc, which PyTorch has too.)
struct WolfeSearch {
  /// A point on the line.
  struct Point {
    var step: Double
    var loss: Double
    var slope: Double
    var gradient: Tensor
  }

  /// c₁.
  var decrease: Double
  /// c₂.
  var flatness: Double
  /// Points that are tried at most.
  var trials: Int
  /// The interval is small enough where no parameter moves more than this between its ends.
  var tolerance = 1e-9

  /// The best point found from a start on, beginning with the step given; the start itself where none is better.
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

  /// An interval that holds a good step, its better end first; or a good step.
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

  /// A step between two ends, not too near to either twice in turn.
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

  /// Where the cubic has its least value that has two points' values and slopes; the middle where it has none.
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

/// The numbers of a search along a line that may be set.
struct WolfeFields: FieldGroup {
  @Field("Share c₁ of the decrease promised by the slope that is asked for", .between(0, 1)) var decrease = 1e-4
  @Field("Share c₂ of the slope that may be left", .between(0, 1)) var flatness = 0.9
  @Field("Points of a search at most", .positive) var trials = 25

  init() {}

  init(decrease: Double, flatness: Double, trials: Int) {
    self.decrease = decrease
    self.flatness = flatness
    self.trials = trials
  }

  /// c₁ < c₂: otherwise no step may obey both.
  func validate() throws {
    try Check.that(
      decrease < flatness, "decrease", "a number below flatness, \(flatness)", found: "\(decrease)")
  }

  var search: WolfeSearch { WolfeSearch(decrease: decrease, flatness: flatness, trials: trials) }
}
