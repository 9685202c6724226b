import AviaryCore
import AviaryRegistry

/// A constraint on a parameter, enforced after each update.
public protocol Constraint: Sendable {
  /// The nearest allowed value, of the same shape and dtype; the parameter itself if it is allowed.
  func callAsFunction(_ parameter: Tensor) -> Tensor
}

extension Kind where Product == any Constraint {
  /// Constraints, by name.
  public static var constraint: Self { Kind("constraint") }
}

extension Registrable where Self: Constraint {
  public static var kind: Kind<any Constraint> { .constraint }
  public func product() -> any Constraint { self }
}

extension Tensor {
  /// The Euclidean norm of the weights of each unit, broadcastable: over all axes but the last of weights [in, out] and
  /// filters [height, width, in, out], over all elements of a vector.
  func unitNorms() -> Tensor { rank < 2 ? square().sum().sqrt() : columnNorms() }
}
