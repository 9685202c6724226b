import AviaryCore
import AviaryRegistry

/// Takes the differences between steps of a sequence, which remove a trend; with a lag of a season, the season.
///
/// ```
/// y[t] = x[t + lag] − x[t]
/// ```
///
/// Shapes: [n, steps, …] → [n, steps − lag, …]. The inverse needs the steps before: forecasts have them, other outputs
/// have no inverse.
public struct DifferenceTransform: Transform, Registrable {
  public static let name = "difference"
  public static let card = Card(
    "Takes differences between steps of a sequence, which remove a trend; with a lag of a season, the season.",
    formula: "y[t] = x[t + lag] − x[t]")

  @Field("Number of steps between the values to subtract", .positive) package var lag = 1

  public init() {}

  /// Differences over `lag` steps. Traps unless it is positive.
  public init(lag: Int, file: StaticString = #fileID, line: UInt = #line) {
    self.lag = lag
    self = required(file: file, line: line)
  }

  /// Throws ``DataError`` unless inputs are sequences of equal length with more steps than the lag.
  public func callAsFunction(_ inputs: Tensor, _ learned: NamedTensors = [:]) throws -> Tensor {
    guard inputs.rank > 2 else {
      throw DataError(
        Self.name,
        "expected sequences [steps, channels] of equal length, found inputs \(inputs.shape.removing(axis: 0))")
    }
    let (x, steps) = (inputs.inFloatingPoint, inputs.shape[1])
    guard steps > lag else {
      throw DataError(
        Self.name, "the inputs have \(steps) steps, but a lag of \(lag) needs more; set lag to a smaller number")
    }
    return x.slice(axis: 1, lag..<steps) - x.slice(axis: 1, 0..<(steps - lag))
  }

  /// Adds differences to the steps before:
  ///
  /// ```
  /// x[t] = y[t] + x[t − lag]
  /// ```
  public func inverse(_ outputs: Tensor, after history: Tensor, _ learned: NamedTensors = [:]) throws -> Tensor? {
    let y = outputs.inFloatingPoint
    guard y.rank == history.rank, y.rank > 2, history.shape[1] >= lag else {
      throw DataError(
        Self.name, "differences \(y.spec) over \(lag) steps cannot be added to the steps before, \(history.spec)")
    }
    let (count, known) = (y.shape[1], history.shape[1])
    var earlier = history.cast(to: y.dtype).slice(axis: 1, (known - lag)..<known)
    var pieces: [Tensor] = []
    for start in stride(from: 0, to: count, by: lag) {
      let end = Swift.min(start + lag, count)
      let piece = y.slice(axis: 1, start..<end) + earlier.slice(axis: 1, 0..<(end - start))
      pieces.append(piece)
      earlier = piece
    }
    return Tensor.concatenate(pieces, axis: 1)
  }
}
