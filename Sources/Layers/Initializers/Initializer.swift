import AviaryCore
import AviaryRegistry

/// Creates the initial values of a parameter.
public protocol Initializer: Sendable {
  /// Values of the given shape and dtype: a pure function of the random source.
  func values(shape: Shape, fans: Fans, random: RandomSource, dtype: DType) -> Tensor
}

extension Kind where Product == any Initializer {
  /// Initializers, by name.
  public static var initializer: Self { Kind("initializer") }
}

extension Registrable where Self: Initializer {
  public static var kind: Kind<any Initializer> { .initializer }
  public func product() -> any Initializer { self }
}
