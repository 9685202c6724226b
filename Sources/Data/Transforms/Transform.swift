import AviaryCore
import AviaryRegistry

/// A transformation of a model's inputs: scaling, standardizing, reshaping.
///
/// The values fitted to the training inputs are returned and passed as tensors, so that a run saves them and applies
/// them to other data unchanged. ``Preprocessing`` converts inputs to floating point before the first transform (to the
/// run's precision, or float64 if the stored values need it), keeps the order of transforms, and may pass rows in
/// chunks.
public protocol Transform: Sendable {
  /// The values fitted to the training inputs; nothing by default.
  func fitted(to inputs: Tensor) throws -> NamedTensors
  /// The transformed inputs, row by row: [n, …] → [n, …]. Throws ``DataError`` if they do not fit.
  func callAsFunction(_ inputs: Tensor, _ learned: NamedTensors) throws -> Tensor
  /// The inputs for given outputs, row by row, up to rounding; nil (the default) if the transform has no inverse or
  /// lacks the fitted values. Throws ``DataError`` if the outputs do not fit.
  func inverse(_ outputs: Tensor, _ learned: NamedTensors) throws -> Tensor?
  /// The inputs for given outputs that continue a sequence: [n, steps, …] after known inputs [n, …, …]. Default: the
  /// inverse without them.
  func inverse(_ outputs: Tensor, after history: Tensor, _ learned: NamedTensors) throws -> Tensor?
}

extension Transform {
  public func fitted(to inputs: Tensor) throws -> NamedTensors { [:] }
  public func inverse(_ outputs: Tensor, _ learned: NamedTensors) throws -> Tensor? { nil }
  public func inverse(_ outputs: Tensor, after history: Tensor, _ learned: NamedTensors) throws -> Tensor? {
    try inverse(outputs, learned)
  }
}

extension Kind where Product == any Transform {
  /// The kind of transforms.
  public static var transform: Self { Kind("transform") }
}

extension Registrable where Self: Transform {
  public static var kind: Kind<any Transform> { .transform }
  public func product() -> any Transform { self }
}

extension Tensor {
  /// Floating-point values: float64 unchanged, anything else as float32.
  var inFloatingPoint: Tensor { dtype.isDifferentiable ? self : cast(to: .float32) }
}

/// The fitted value of a transform that changes an example's shape, to restore it: `"shape"`, int64.
func learnedShape(of inputs: Tensor) -> NamedTensors {
  guard inputs.rank > 0 else { return [:] }
  let lengths = inputs.shape.dropFirst().map { $0 }
  return ["shape": Tensor(lengths, shape: [lengths.count])]
}

/// Outputs [n, …] in the shape from ``learnedShape(of:)``, without a copy if they are contiguous; nil without that
/// shape. Throws if the number of elements differs.
func reshaped(_ outputs: Tensor, asIn learned: NamedTensors, of transform: String) throws -> Tensor? {
  guard let lengths = learned["shape"]?.scalars(as: Int.self) else { return nil }
  let shape = Shape(lengths)
  guard outputs.rank > 0, shape.elementCount == outputs.shape.removing(axis: 0).elementCount else {
    throw DataError(
      transform, "'shape' was fitted to other inputs: \(outputs.spec) does not fill examples of \(shape)")
  }
  return outputs.reshaped(to: Shape([outputs.shape[0]] + lengths))
}

/// A fitted tensor of a transform by key. Throws if it is missing or does not broadcast to the inputs.
func learnedTensor(
  _ key: String, in learned: NamedTensors, for inputs: Tensor, of transform: String
) throws -> Tensor {
  guard let tensor = learned[key] else {
    throw DataError(
      transform, "expected the fitted tensor '\(key)', found none; fit the transform to training inputs first")
  }
  guard tensor.shape.broadcast(with: inputs.shape) == inputs.shape else {
    throw DataError(
      transform, "'\(key)' was fitted to inputs of another shape: \(tensor.shape) does not fit \(inputs.shape)")
  }
  return tensor.cast(to: inputs.dtype)
}
