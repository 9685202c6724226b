import AviaryCore
import AviaryRegistry

/// Reshapes each example, for example rows of pixels to images.
///
/// Shapes: [n, …] → [n, shape…].
public struct ReshapeTransform: Transform, Registrable {
  public static let name = "reshape"
  public static let card = Card(
    "Reshapes each example, such as rows of 784 pixels to [28, 28, 1].")

  @Field("Shape of one example, at most 7 axes; one of them may be -1, to be inferred", .nonEmpty, example: [-1])
  package var shape: [Int]

  public init() {}

  /// Reshapes to a shape. Throws `ConfigurationError` if it is impossible.
  public init(
    _ shape: [Int]
  ) throws {
    self.shape = shape
    self = try checked()
  }

  public func validate() throws {
    let isPossible =
      shape.count < Shape.maximumRank && shape.allSatisfy { $0 == -1 || $0 > 0 } && shape.count { $0 == -1 } <= 1
      && Shape(shape.map(abs)).checkedElementCount != nil
    try Check.that(isPossible, "shape", "at most 7 positive lengths, one of which may be -1", found: shape)
  }

  /// `"shape"`: an example's original shape, for the inverse.
  public func fitted(to inputs: Tensor) throws -> NamedTensors { learnedShape(of: inputs) }

  /// Throws ``DataError`` if the number of elements differs. Without a copy if the inputs are contiguous.
  public func callAsFunction(_ inputs: Tensor, _ learned: NamedTensors = [:]) throws -> Tensor {
    guard inputs.rank > 0 else { throw DataError(Self.name, "expected inputs [n, …], found \(inputs.spec)") }
    let input = inputs.shape.removing(axis: 0)
    let known = shape.reduce(1) { $1 == -1 ? $0 : $0 * $1 }
    let fits = shape.contains(-1) ? input.elementCount % known == 0 : input.elementCount == known
    guard fits else {
      throw DataError(
        Self.name, "inputs \(input) have \(input.elementCount) elements and do not fill the shape \(shape)")
    }
    let lengths = shape.map { $0 == -1 ? input.elementCount / known : $0 }
    return inputs.reshaped(to: Shape([inputs.shape[0]] + lengths))
  }

  /// Examples in their original shape.
  public func inverse(_ outputs: Tensor, _ learned: NamedTensors) throws -> Tensor? {
    try reshaped(outputs, asIn: learned, of: Self.name)
  }
}
