import AviaryCore
import AviaryRegistry

/// Clamps each element of the gradient to an interval around zero.
///
///     g ← min(max(g, −τ), τ)
///
/// NaN stays NaN. The direction changes; ``ClippingByGlobalNorm`` keeps it.
public struct ClippingByValue: Clipping, Registrable {
  public static let name = "value"
  public static let card = Card(
    "Clamps each element of the gradient to an interval around zero.", formula: "g ← min(max(g, −τ), τ)")

  @Field("Maximum absolute value τ", .positive) var threshold = 1.0

  public init() {}

  /// Throws `ConfigurationError` unless the threshold is above 0.
  public init(threshold: Double = 1) throws {
    self.threshold = threshold
    self = try checked()
  }

  public func clip(_ gradient: inout Tensor) {
    Tensor.update(&gradient) { g in g = g.clamped(to: -threshold...threshold) }
  }
}
