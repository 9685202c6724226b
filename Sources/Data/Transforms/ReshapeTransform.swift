import AviaryCore
import AviaryRegistry

/// Gives each example another shape of as many numbers: images from rows of pixels, for example.
///
/// Shapes: [n, …] → [n, shape…].
public struct ReshapeTransform: Transform, Registrable {
  /// The transform's configuration.
  public struct Configuration: ConfigurationFields {
    /// The shape of one example.
    public var shape = [-1]

    /// One axis.
    public init() {}
  }

  /// `"reshape"`.
  public static let name = "reshape"
  /// The shape has no default.
  public static let required: Set<String> = ["shape"]
  /// What is worth knowing.
  public static let card = Card(
    "Gives each example another shape of as many numbers, such as [28, 28, 1] to rows of 784 pixels.",
    fields: ["shape": "The shape of one example, at most 7 axes; one of them may be -1 and is then inferred."])

  let dimensions: [Int]

  /// Checks the configuration.
  public init(_ configuration: Configuration, in registries: Registries) throws {
    let shape = try Check.nonEmpty(configuration.shape, "shape")
    let isPossible =
      shape.count < Shape.maximumRank && shape.allSatisfy { $0 == -1 || $0 > 0 } && shape.count { $0 == -1 } <= 1
      && Shape(shape.map(abs)).checkedElementCount != nil
    try Check.that(isPossible, "shape", "at most 7 positive lengths, one of them perhaps -1", found: shape)
    dimensions = shape
  }

  /// `"shape"`: the former one of an example, for the inverse.
  public func fitted(to inputs: Tensor) throws -> NamedTensors { learnedShape(of: inputs) }

  /// Throws ``DataError`` where the numbers do not fill the shape. Without a copy where the inputs are contiguous.
  public func callAsFunction(_ inputs: Tensor, _ learned: NamedTensors = [:]) throws -> Tensor {
    guard inputs.rank > 0 else { throw DataError(Self.name, "expected inputs [n, …], found \(inputs.spec)") }
    let input = inputs.shape.removing(axis: 0)
    let known = dimensions.reduce(1) { $1 == -1 ? $0 : $0 * $1 }
    let fits = dimensions.contains(-1) ? input.elementCount % known == 0 : input.elementCount == known
    guard fits else {
      throw DataError(
        Self.name, "inputs of \(input) have \(input.elementCount) numbers each and do not fill the shape \(dimensions)")
    }
    let lengths = dimensions.map { $0 == -1 ? input.elementCount / known : $0 }
    return inputs.reshaped(to: Shape([inputs.shape[0]] + lengths))
  }

  /// Examples in their former shape.
  public func inverse(_ outputs: Tensor, _ learned: NamedTensors) throws -> Tensor? {
    try reshaped(outputs, asIn: learned, of: Self.name)
  }
}
