import AviaryCore
import AviaryRegistry

/// Given numbers, so that a network can be composed by hand: as nested lists of the parameter's shape, or as one list in its
/// order, the last axis running fastest.
///
/// `{"name": "values", "values": [[1, -1], [1, -1]]}` are weights of two inputs and two units, a row an input. Building a model
/// whose parameter has another shape throws ``LayerError``.
public struct Values: Initializer, Registrable {
  public static let name = "values"
  public static let card = Card("Given numbers, one for each place.", formula: "w = values")

  @Field("Numbers: nested lists of the parameter's shape, or one list in its order", example: [0.5, -0.5])
  var values: ConfigurationValue

  public init() {}

  /// Numbers in the parameter's order. Traps where one is none or infinite.
  public init(_ values: [Double], file: StaticString = #fileID, line: UInt = #line) {
    self.values = .array(values.map { .number($0) })
    self = required(file: file, line: line)
  }

  /// Numbers, in lists of equal lengths.
  public func validate() throws {
    try Check.that(
      Self.tensor(values) != nil, "values", "a list of numbers, or nested lists of equal lengths", found: values)
  }

  /// The numbers in a parameter's shape; in their own where they do not fill it.
  public func values(shape: Shape, fans: Fans, random: RandomSource, dtype: DType) -> Tensor {
    guard let given = Self.tensor(values)?.cast(to: dtype) else { return Tensor.zeros([0], dtype: dtype) }
    return given.rank == 1 && given.elementCount == shape.elementCount ? given.reshaped(to: shape) : given
  }

  /// Nested lists as a tensor; nil where they are none.
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
