import AviaryCore
import AviaryRegistry

/// A bound on gradients, applied before the optimizer, so that one bad batch cannot ruin the training.
///
/// ```swift
/// let clipping = try ClippingByGlobalNorm(threshold: 1)
/// clipping.clip(&gradient)
/// optimizer.update(&parameters, state: &state, from: Evaluation(gradient: gradient))
/// ```
public protocol Clipping: Sendable {
  /// Bounds a gradient in place: the vector of all trained parameters, float32 or float64.
  func clip(_ gradient: inout Tensor)
}

extension Kind where Product == any Clipping {
  /// Gradient clippings, by name.
  public static var clipping: Self { Kind("clipping") }
}

extension Registrable where Self: Clipping {
  public static var kind: Kind<any Clipping> { .clipping }
  public func product() -> any Clipping { self }
}
