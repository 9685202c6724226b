/// Which steps of a batch of sequences are data and which are padding behind a sequence's end.
///
/// ```swift
/// let steps = StepRows(lengths: [3, 1], steps: 4)
/// let rows = steps.rows(of: x)                     // [2, 4, features] to [3 + 1, features]
/// let padded = steps.sequences(of: rows)           // and back, zeros at the padding
/// ```
public struct StepRows: Sendable {
  /// How many steps of each row are data.
  public let lengths: [Int]
  /// How many steps the batch has.
  public let steps: Int

  /// The steps of a batch [rows, steps, …]. Traps unless all lengths are in 0...steps.
  public init(lengths: [Int], steps: Int, file: StaticString = #fileID, line: UInt = #line) {
    require(
      lengths.allSatisfy { (0...steps).contains($0) }, "lengths \(lengths) of sequences of \(steps) steps", file, line)
    self.lengths = lengths
    self.steps = steps
  }

  /// The steps that are data, one after another: [rows, steps, …] to [Σ lengths, …].
  public func rows<Value: TensorProtocol>(of sequences: Value) -> Value {
    let places = lengths.indices.flatMap { row in (0..<lengths[row]).map { row * steps + $0 } }
    let all = sequences.reshaped(to: Shape([lengths.count * steps] + sequences.shape.dropFirst(2)))
    return all.gather(Value(Tensor(places, shape: [places.count])))
  }

  /// Rows that ``rows(of:)`` gave in their places, zeros at the padding: [Σ lengths, …] to [rows, steps, …].
  public func sequences<Value: TensorProtocol>(of rows: Value) -> Value {
    let rest = Array(rows.shape.dropFirst())
    let count = lengths.reduce(0, +)
    let zeros = Value(Tensor.zeros(Shape([1] + rest), dtype: rows.dtype))
    var next = 0
    var places: [Int] = []
    for length in lengths {
      places += (0..<steps).map { $0 < length ? next + $0 : count }
      next += length
    }
    let padded = Value.concatenate([rows, zeros], axis: 0).gather(Value(Tensor(places, shape: [places.count])))
    return padded.reshaped(to: Shape([lengths.count, steps] + rest))
  }

  /// True where a step is data: bool [rows, steps].
  public var mask: Tensor {
    Tensor(lengths.flatMap { length in (0..<steps).map { $0 < length } }, shape: [lengths.count, steps])
  }

  /// The sequences with a number in place of the padding: [rows, steps, …].
  public func filling<Value: TensorProtocol>(_ sequences: Value, with number: Double) -> Value {
    let shape = Shape([lengths.count, steps] + sequences.shape.dropFirst(2).map { _ in 1 })
    let filler = Tensor(repeating: number, shape: [], dtype: sequences.dtype).broadcast(to: sequences.shape)
    return Value.where(Value(mask.reshaped(to: shape).broadcast(to: sequences.shape)), sequences, Value(filler))
  }
}
