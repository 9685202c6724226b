import AviaryCore
import AviaryRegistry

/// Gives each example another shape of as many numbers: images from rows of pixels, for example.
///
/// Shapes: [n, …] → [n, shape…].
public struct ReshapeTransform: Transform, Registrable {
  public static let name = "reshape"
  public static let card = Card(
    "Gives each example another shape of as many numbers, such as [28, 28, 1] to rows of 784 pixels.")

  @Field("Shape of one example, at most 7 axes; one of them may be -1 and is then inferred", .nonEmpty, example: [-1])
  var shape: [Int]

  public init() {}

  /// A change to a shape. Throws `ConfigurationError` for one that is impossible.
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
    try Check.that(isPossible, "shape", "at most 7 positive lengths, one of them perhaps -1", found: shape)
  }

  /// `"shape"`: the former one of an example, for the inverse.
  public func fitted(to inputs: Tensor) throws -> NamedTensors { learnedShape(of: inputs) }

  /// Throws ``DataError`` where the numbers do not fill the shape. Without a copy where the inputs are contiguous.
  public func callAsFunction(_ inputs: Tensor, _ learned: NamedTensors = [:]) throws -> Tensor {
    guard inputs.rank > 0 else { throw DataError(Self.name, "expected inputs [n, …], found \(inputs.spec)") }
    let input = inputs.shape.removing(axis: 0)
    let known = shape.reduce(1) { $1 == -1 ? $0 : $0 * $1 }
    let fits = shape.contains(-1) ? input.elementCount % known == 0 : input.elementCount == known
    guard fits else {
      throw DataError(
        Self.name, "inputs of \(input) have \(input.elementCount) numbers each and do not fill the shape \(shape)")
    }
    let lengths = shape.map { $0 == -1 ? input.elementCount / known : $0 }
    return inputs.reshaped(to: Shape([inputs.shape[0]] + lengths))
  }

  /// Examples in their former shape.
  public func inverse(_ outputs: Tensor, _ learned: NamedTensors) throws -> Tensor? {
    try reshaped(outputs, asIn: learned, of: Self.name)
  }
}
