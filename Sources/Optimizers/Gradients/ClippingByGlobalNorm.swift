import AviaryCore
import AviaryRegistry

/// Scales down a gradient whose norm is too large, keeping its direction.
///
///     g ← g · min(1, τ / ‖g‖)
///
/// ‖g‖ is the Euclidean norm over all parameters. A gradient with a norm of at most τ keeps its bits (PyTorch's
/// `clip_grad_norm_` adds 1e-6 to the norm). A non-finite gradient is unchanged: see ``NonFiniteGradientError``.
public struct ClippingByGlobalNorm: Clipping, Registrable {
  public static let name = "global-norm"
  public static let card = Card(
    "Scales down a gradient whose norm is too large, keeping its direction.", formula: "g ← g · min(1, τ / ‖g‖)",
    references: [
      "Pascanu, Mikolov, Bengio: On the difficulty of training recurrent neural networks (2013), arXiv:1211.5063"
    ])

  @Field("Maximum Euclidean norm τ", .positive) var threshold = 1.0

  public init() {}

  /// Throws `ConfigurationError` unless the threshold is above 0.
  public init(threshold: Double = 1) throws {
    self.threshold = threshold
    self = try checked()
  }

  public func clip(_ gradient: inout Tensor) {
    let norm = gradient.euclideanNorm()
    guard norm > threshold, norm.isFinite else { return }
    Tensor.update(&gradient) { g in g = threshold / norm * g }
  }
}
