import AviaryCore
import AviaryRegistry

/// Half a cosine from one value to another, again and again: each time it has arrived, it starts anew (SGDR).
///
/// v(t) = to + (from − to) · (1 + cos(π·s)) / 2, s the share of the present period that is done; the first period has the
/// length `over`, each other `growth` times that of the one before. t are the steps or epochs done, from 0.
///
/// PyTorch's `CosineAnnealingWarmRestarts`. (Loshchilov and Hutter: SGDR, 2017.)
public struct CosineRestartsSchedule: Schedule, Registrable {
  public static let name = "cosine-restarts"
  public static let card = Card(
    "Half a cosine from one value to another, which starts anew each time it has arrived.",
    formula: "v(t) = to + (from − to) · (1 + cos(π·s)) / 2,  s the share of the present period that is done",
    references: [
      "Loshchilov, Hutter: SGDR, stochastic gradient descent with warm restarts (2017), arXiv:1608.03983"
    ])

  @Field("Value at the start of each period", example: 0.1) var from: Double
  @Field("Value that each period ends with") var to = 0.0
  @Field("Length of the first period in units", .positive, example: 1000) var over: Int
  @Field("What the length of a period is multiplied by for the next", .in(1...1000)) var growth = 1
  @Field("What t counts") var unit = ScheduleUnit.step

  public init() {}

  /// Arcs. Throws `ConfigurationError` for numbers out of range.
  public init(from: Double, to: Double = 0, over: Int, growth: Int = 1, unit: ScheduleUnit = .step) throws {
    self.from = from
    self.to = to
    self.over = over
    self.growth = growth
    self.unit = unit
    self = try checked()
  }

  /// The value on the present arc.
  public func value(at progress: TrainingProgress) -> Double {
    var (done, length) = (unit.count(progress), Double(over))
    if growth == 1 {
      done = done.truncatingRemainder(dividingBy: length)
    } else {
      while done >= length {
        done -= length
        length *= Double(growth)
      }
    }
    let value = to + (from - to) * (1 + Mathematics.cosineOfHalfTurns(done / length)) / 2
    // Rounding does not lead out of the range.
    return min(max(value, min(from, to)), max(from, to))
  }

  /// From the lesser to the greater end.
  public var range: ClosedRange<Double>? { min(from, to)...max(from, to) }
}
