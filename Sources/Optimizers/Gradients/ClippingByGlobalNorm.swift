import AviaryCore
import AviaryRegistry

/// Shortens a gradient that is too long, keeping its direction.
///
/// g ← g · min(1, τ / ‖g‖), ‖g‖ the Euclidean norm over all parameters together. A gradient that is no longer than τ keeps its
/// bits (PyTorch's `clip_grad_norm_` adds 1e-6 to the norm; this does not). A gradient that is not finite stays as it is:
/// see ``NonFiniteGradientError``.
public struct ClippingByGlobalNorm: Clipping, Registrable {
  public static let name = "global-norm"
  public static let card = Card(
    "Shortens a gradient that is too long, keeping its direction.", formula: "g ← g · min(1, τ / ‖g‖)",
    references: [
      "Pascanu, Mikolov, Bengio: On the difficulty of training recurrent neural networks (2013), arXiv:1211.5063"
    ])

  @Field("Largest Euclidean norm τ that stays", .positive) var threshold = 1.0

  public init() {}

  /// A clipping. Throws `ConfigurationError` unless the threshold is above 0.
  public init(threshold: Double = 1) throws {
    self.threshold = threshold
    self = try checked()
  }

  /// Shortens the gradient where it is too long.
  public func clip(_ gradient: inout Tensor) {
    let norm = gradient.euclideanNorm()
    guard norm > threshold, norm.isFinite else { return }
    Tensor.update(&gradient) { g in g = threshold / norm * g }
  }
}
