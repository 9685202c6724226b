import AviaryCore
import AviaryRegistry

/// Given values, for networks built by hand: nested lists of the parameter's shape, or one list in row-major order.
///
/// `{"name": "values", "values": [[1, -1], [1, -1]]}` are weights of two inputs and two units, one row per input.
/// Building a model whose parameter has another shape throws ``LayerError``.
public struct Values: Initializer, Registrable {
  public static let name = "values"
  public static let card = Card("Given values.", formula: "w = values")

  @Field("Values: nested lists of the parameter's shape, or one list in row-major order", example: [0.5, -0.5])
  var values: ConfigurationValue

  public init() {}

  /// Values in row-major order. Traps unless all are finite.
  public init(_ values: [Double], file: StaticString = #fileID, line: UInt = #line) {
    self.values = .array(values.map { .number($0) })
    self = required(file: file, line: line)
  }

  /// Requires nested lists of equal lengths.
  public func validate() throws {
    try Check.that(
      Self.tensor(values) != nil, "values", "a list of numbers, or nested lists of equal lengths", found: values)
  }

  /// The values in the parameter's shape; in their own if the counts differ.
  public func values(shape: Shape, fans: Fans, random: RandomSource, dtype: DType) -> Tensor {
    guard let given = Self.tensor(values)?.cast(to: dtype) else { return Tensor.zeros([0], dtype: dtype) }
    return given.rank == 1 && given.elementCount == shape.elementCount ? given.reshaped(to: shape) : given
  }

  /// Nested lists as a tensor; nil if they are not of equal lengths.
  private static func tensor(_ value: ConfigurationValue) -> Tensor? {
    guard let elements = value.arrayValue, !elements.isEmpty else { return nil }
    let numbers = elements.compactMap(\.numberValue)
    if numbers.count == elements.count {
      return numbers.allSatisfy(\.isFinite) ? Tensor(numbers) : nil
    }
    let rows = elements.compactMap(tensor)
    guard rows.count == elements.count, rows.allSatisfy({ $0.shape == rows[0].shape && $0.rank < 7 }) else {
      return nil
    }
    return Tensor.stack(rows)
  }
}
