import AviaryCore
import AviaryRegistry

/// A change of the inputs before a model sees them: scaling, standardizing, reshaping.
///
/// What a transform learns from the training inputs is given out and taken in as tensors, so that it is saved with a run
/// and applied to other data unchanged. Inputs become floating-point numbers of the run's precision before the first transform;
/// ``Preprocessing`` sees to that, and to the order.
public protocol Transform: Sendable {
  /// What it learns from the training inputs; nothing by default.
  func fitted(to inputs: Tensor) throws -> [String: Tensor]
  /// The changed inputs, row by row: [n, …] → [n, …]. Throws ``DataError`` where they do not fit.
  func callAsFunction(_ inputs: Tensor, _ learned: [String: Tensor]) throws -> Tensor
}

extension Transform {
  /// Nothing.
  public func fitted(to inputs: Tensor) throws -> [String: Tensor] { [:] }
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

/// A tensor that a transform learned, by its key. Throws where it is missing or does not broadcast to the inputs.
func learnedTensor(
  _ key: String, in learned: [String: Tensor], for inputs: Tensor, of transform: String
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
