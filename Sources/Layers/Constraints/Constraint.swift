import AviaryCore
import AviaryRegistry

/// What is imposed on a parameter after each update.
public protocol Constraint: Sendable {
  /// The nearest value that obeys, of the same shape and dtype; the parameter itself where it obeys already.
  func callAsFunction(_ parameter: Tensor) -> Tensor
}

extension Kind where Product == any Constraint {
  /// Constraints, by name.
  public static var constraint: Self { Kind("constraint") }
}

extension Registrable where Self: Constraint {
  /// A constraint.
  public static var kind: Kind<any Constraint> { .constraint }
  /// The constraint itself.
  public func product() -> any Constraint { self }
}

extension Tensor {
  /// The Euclidean norm of what leads to each unit, broadcastable: over all axes but the last of weights [in, out]
  /// and filters [height, width, in, out], over the whole of a vector.
  func unitNorms() -> Tensor { rank < 2 ? square().sum().sqrt() : columnNorms() }
}
