import AviaryCore
import AviaryRegistry

/// Cuts every element of the gradient to an interval around zero.
///
/// g ← min(max(g, −τ), τ). NaN stays NaN. The direction changes; ``ClippingByGlobalNorm`` keeps it.
public struct ClippingByValue: Clipping, Registrable {
  public static let name = "value"
  public static let card = Card(
    "Cuts every element of the gradient to an interval around zero.", formula: "g ← min(max(g, −τ), τ)")

  @Field("Largest absolute value τ that stays", .positive) var threshold = 1.0

  public init() {}

  /// A clipping. Throws `ConfigurationError` unless the threshold is above 0.
  public init(threshold: Double = 1) throws {
    self.threshold = threshold
    self = try checked()
  }

  /// Cuts every element.
  public func clip(_ gradient: inout Tensor) {
    Tensor.update(&gradient) { g in g = g.clamped(to: -threshold...threshold) }
  }
}
