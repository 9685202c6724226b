import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// What is added to the loss for a parameter, to keep it small or sparse.
public protocol Regularizer: Sendable {
  /// The penalty, a scalar.
  func callAsFunction(_ parameter: Variable) -> Variable
}

/// What is imposed on a parameter after each update.
public protocol Constraint: Sendable {
  /// The nearest value that obeys.
  func callAsFunction(_ parameter: Tensor) -> Tensor
}

extension Kind where Product == any Regularizer {
  /// Regularizers, by name.
  public static var regularizer: Self { Kind("regularizer") }
}

extension Registrable where Self: Regularizer {
  /// A regularizer.
  public static var kind: Kind<any Regularizer> { .regularizer }
  /// The regularizer itself.
  public func product() -> any Regularizer { self }
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
