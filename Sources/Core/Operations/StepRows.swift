/// The valid steps of a batch of sequences; the others are padding after a sequence's end.
///
/// ```swift
/// let steps = StepRows(lengths: [3, 1], steps: 4)
/// let rows = steps.rows(of: x)                     // [2, 4, features] to [3 + 1, features]
/// let padded = steps.sequences(of: rows)           // and back, zeros at the padding
/// ```
public struct StepRows: Sendable {
  /// The number of valid steps of each row.
  public let lengths: [Int]
  /// The number of steps of the batch.
  public let steps: Int

  /// The valid steps of a batch [rows, steps, …]. Traps unless all lengths are in 0...steps.
  public init(lengths: [Int], steps: Int, file: StaticString = #fileID, line: UInt = #line) {
    require(
      lengths.allSatisfy { (0...steps).contains($0) }, "the lengths \(lengths) must be in 0...\(steps)", file, line)
    self.lengths = lengths
    self.steps = steps
  }

  /// The valid steps, concatenated: [rows, steps, …] to [Σ lengths, …].
  public func rows<Value: TensorProtocol>(of sequences: Value) -> Value {
    let places = lengths.indices.flatMap { row in (0..<lengths[row]).map { row * steps + $0 } }
    let all = sequences.reshaped(to: Shape([lengths.count * steps] + sequences.shape.dropFirst(2)))
    return all.gather(Value(Tensor(places, shape: [places.count])))
  }

  /// The inverse of ``rows(of:)``, with zeros as padding: [Σ lengths, …] to [rows, steps, …].
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

  /// True for valid steps: bool [rows, steps].
  public var mask: Tensor {
    Tensor(lengths.flatMap { length in (0..<steps).map { $0 < length } }, shape: [lengths.count, steps])
  }

  /// The sequences with the padding replaced by a number: [rows, steps, …].
  public func filling<Value: TensorProtocol>(_ sequences: Value, with number: Double) -> Value {
    let shape = Shape([lengths.count, steps] + sequences.shape.dropFirst(2).map { _ in 1 })
    let filler = Tensor(repeating: number, shape: [], dtype: sequences.dtype).broadcast(to: sequences.shape)
    return Value.where(Value(mask.reshaped(to: shape).broadcast(to: sequences.shape)), sequences, Value(filler))
  }
}
