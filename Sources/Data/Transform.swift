import AviaryCore
import AviaryRegistry

/// A change of the inputs before a model sees them: scaling, standardizing, reshaping.
///
/// What a transform learns from the training inputs is given out and taken in as tensors, so that it is saved with a run
/// and applied to other data unchanged. Inputs become floating-point numbers of the run's precision before the first transform.
public protocol Transform: Sendable {
  /// What it learns from the training inputs; nothing by default.
  func fitted(to inputs: Tensor) throws -> [String: Tensor]
  /// The changed inputs, row by row: [n, …] → [n, …].
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
