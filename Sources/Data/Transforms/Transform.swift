import AviaryCore
import AviaryRegistry

/// A change of the inputs before a model sees them: scaling, standardizing, reshaping.
///
/// What a transform learns from the training inputs is given out and taken in as tensors, so that it is saved with a run
/// and applied to other data unchanged. Inputs become floating-point numbers before the first transform, of the run's precision or
/// float64 where the stored numbers need it, and rows may come some at a time; ``Preprocessing`` sees to that, and to the order.
public protocol Transform: Sendable {
  /// What it learns from the training inputs; nothing by default.
  func fitted(to inputs: Tensor) throws -> NamedTensors
  /// The changed inputs, row by row: [n, …] → [n, …]. Throws ``DataError`` where they do not fit.
  func callAsFunction(_ inputs: Tensor, _ learned: NamedTensors) throws -> Tensor
  /// The inputs that become the given outputs, row by row, up to rounding; nil, which is the default, where the transform
  /// has no inverse or has not learned what it takes. Throws ``DataError`` where the outputs do not fit.
  func inverse(_ outputs: Tensor, _ learned: NamedTensors) throws -> Tensor?
}

extension Transform {
  /// Nothing.
  public func fitted(to inputs: Tensor) throws -> NamedTensors { [:] }
  /// None.
  public func inverse(_ outputs: Tensor, _ learned: NamedTensors) throws -> Tensor? { nil }
}

extension Kind where Product == any Transform {
  /// Transforms, by name.
  public static var transform: Self { Kind("transform") }
}

extension Registrable where Self: Transform {
  /// A transform.
  public static var kind: Kind<any Transform> { .transform }
  /// The transform itself.
  public func product() -> any Transform { self }
}

extension Tensor {
  /// Numbers to calculate with: float64 as it is, anything else in float32.
  var inFloatingPoint: Tensor { dtype.isDifferentiable ? self : cast(to: .float32) }
}

/// What a transform learns that changes the shape of an example, so that it can be changed back: `"shape"`, int64.
func learnedShape(of inputs: Tensor) -> NamedTensors {
  guard inputs.rank > 0 else { return [:] }
  let lengths = inputs.shape.dropFirst().map { $0 }
  return ["shape": Tensor(lengths, shape: [lengths.count])]
}

/// Outputs [n, …] in the shape that ``learnedShape(of:)`` found, without a copy where they are contiguous; nil where
/// nothing was learned. Throws where the numbers do not fill the shape.
func reshaped(_ outputs: Tensor, asIn learned: NamedTensors, of transform: String) throws -> Tensor? {
  guard let lengths = learned["shape"]?.scalars(as: Int.self) else { return nil }
  let shape = Shape(lengths)
  guard outputs.rank > 0, shape.elementCount == outputs.shape.removing(axis: 0).elementCount else {
    throw DataError(
      transform, "'shape' was learned from other inputs: \(outputs.spec) does not fill examples of \(shape)")
  }
  return outputs.reshaped(to: Shape([outputs.shape[0]] + lengths))
}

/// A tensor that a transform learned, by its key. Throws where it is missing or does not broadcast to the inputs.
func learnedTensor(
  _ key: String, in learned: NamedTensors, for inputs: Tensor, of transform: String
) throws -> Tensor {
  guard let tensor = learned[key] else {
    throw DataError(
      transform, "expected the learned tensor '\(key)', found none; fit the transform to training inputs first")
  }
  guard tensor.shape.broadcast(with: inputs.shape) == inputs.shape else {
    throw DataError(
      transform, "'\(key)' was learned from inputs of another shape: \(tensor.shape) does not fit \(inputs.shape)")
  }
  return tensor.cast(to: inputs.dtype)
}
