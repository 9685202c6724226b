import AviaryCore
import AviaryRegistry

/// Draws the initial values of a parameter.
public protocol Initializer: Sendable {
  /// Values of a shape and dtype: a pure function of the random source.
  func values(shape: Shape, fans: Fans, random: RandomSource, dtype: DType) -> Tensor
}

extension Kind where Product == any Initializer {
  /// Initializers, by name.
  public static var initializer: Self { Kind("initializer") }
}

extension Registrable where Self: Initializer {
  /// An initializer.
  public static var kind: Kind<any Initializer> { .initializer }
  /// The initializer itself.
  public func product() -> any Initializer { self }
}
