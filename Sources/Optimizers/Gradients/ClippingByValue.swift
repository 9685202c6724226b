import AviaryCore
import AviaryRegistry

/// Cuts every element of the gradient to an interval around zero.
///
/// g ← min(max(g, −τ), τ). NaN stays NaN. The direction changes; ``ClippingByGlobalNorm`` keeps it.
public struct ClippingByValue: Clipping, Registrable {
  /// The configuration.
  public struct Configuration: ConfigurationFields {
    /// τ.
    public var threshold = 1.0

    /// The interval from −1 to 1.
    public init() {}
  }

  /// `"value"`.
  public static let name = "value"
  /// What is worth knowing.
  public static let card = Card(
    "Cuts every element of the gradient to an interval around zero.", formula: "g ← min(max(g, −τ), τ)",
    fields: ["threshold": "τ, the largest absolute value that stays, above 0."])

  private let threshold: Double

  /// A clipping. Throws `ConfigurationError` unless the threshold is above 0.
  public init(threshold: Double = 1) throws { self.threshold = try Check.positive(threshold, "threshold") }

  /// The clipping of a configuration.
  public init(_ configuration: Configuration, in registries: Registries) throws {
    try self.init(threshold: configuration.threshold)
  }

  /// Cuts every element.
  public func clip(_ gradient: inout Tensor) {
    Tensor.update(&gradient) { g in g = g.clamped(to: -threshold...threshold) }
  }
}
