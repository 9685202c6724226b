import AviaryCore
import AviaryRegistry

/// Cosine annealing with warm restarts (SGDR): half a cosine from one value to another, repeated.
///
///     v(t) = to + (from − to) · (1 + cos(π·s)) / 2
///
/// where s is the completed fraction of the current period. The first period has the length `over`, and each later one
/// `growth` times that of the one before. t counts the steps or epochs done, from 0.
///
/// PyTorch's `CosineAnnealingWarmRestarts`. (Loshchilov and Hutter: SGDR, 2017.)
public struct CosineRestartsSchedule: Schedule, Registrable {
  public static let name = "cosine-restarts"
  public static let card = Card(
    "Cosine annealing with warm restarts: half a cosine from one value to another, repeated.",
    formula: "v(t) = to + (from − to) · (1 + cos(π·s)) / 2,  s the completed fraction of the current period",
    references: [
      "Loshchilov, Hutter: SGDR, stochastic gradient descent with warm restarts (2017), arXiv:1608.03983"
    ])

  @Field("Value at the start of each period", example: 0.1) var from: Double
  @Field("Value at the end of each period") var to = 0.0
  @Field("Length of the first period in units", .positive, example: 1000) var over: Int
  @Field("Factor of each period's length for the next", .in(1...1000)) var growth = 1
  @Field("Unit of t: step or epoch") var unit = ScheduleUnit.step

  public init() {}

  /// Throws `ConfigurationError` for numbers out of range.
  public init(from: Double, to: Double = 0, over: Int, growth: Int = 1, unit: ScheduleUnit = .step) throws {
    self.from = from
    self.to = to
    self.over = over
    self.growth = growth
    self.unit = unit
    self = try checked()
  }

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
    // Clamps, because rounding may leave the range.
    return min(max(value, min(from, to)), max(from, to))
  }

  /// From the smaller to the larger of `from` and `to`.
  public var range: ClosedRange<Double>? { min(from, to)...max(from, to) }
}
