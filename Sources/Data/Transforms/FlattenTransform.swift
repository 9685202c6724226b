import AviaryCore
import AviaryRegistry

/// Flattens each example to one axis.
///
/// Shapes: [n, a, b, …] → [n, a·b·…].
public struct FlattenTransform: Transform, Registrable {
  public static let name = "flatten"
  public static let card = Card("Flattens each example to one axis, in row-major order.")

  public init() {}

  /// `"shape"`: an example's shape, for the inverse.
  public func fitted(to inputs: Tensor) throws -> NamedTensors { learnedShape(of: inputs) }

  /// The flattened inputs, without a copy if they are contiguous.
  public func callAsFunction(_ inputs: Tensor, _ learned: NamedTensors = [:]) throws -> Tensor {
    guard inputs.rank > 0 else { throw DataError(Self.name, "expected inputs [n, …], found \(inputs.spec)") }
    return inputs.reshaped(to: [inputs.shape[0], inputs.shape.removing(axis: 0).elementCount] as Shape)
  }

  /// Examples in their original shape.
  public func inverse(_ outputs: Tensor, _ learned: NamedTensors) throws -> Tensor? {
    try reshaped(outputs, asIn: learned, of: Self.name)
  }
}
