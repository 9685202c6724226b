import AviaryCore
import AviaryRegistry

/// What is imposed on a parameter after each update.
public protocol Constraint: Sendable {
  /// The nearest value that obeys, of the same shape and dtype.
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
  /// The Euclidean norm of what leads to each unit, kept broadcastable: over all axes but the last of weights [in, out]
  /// and filters [height, width, in, out], over the whole of a vector.
  func unitNorms() -> Tensor {
    let axes = rank < 2 ? Array(0..<rank) : Array(0..<(rank - 1))
    return square().sum(axes: axes, keepingDimensions: true).sqrt()
  }
}
