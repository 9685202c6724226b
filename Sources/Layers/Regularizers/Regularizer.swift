import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// What is added to the loss for a parameter, to keep it small or sparse.
public protocol Regularizer: Sendable {
  /// The penalty, a scalar.
  func callAsFunction(_ parameter: Variable) -> Variable
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
