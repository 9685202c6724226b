import AviaryCore
import AviaryRegistry

/// Adam with decoupled weight decay, which shrinks all parameters equally, whatever their gradients.
///
///     θ ← (1 − η·λ)·θ
///     m ← β₁·m + (1 − β₁)·g
///     v ← β₂·v + (1 − β₂)·g²
///     θ ← θ − η·m̂ / (√v̂ + ε)
///
/// The defaults are PyTorch's: η = 0.001, β₁ = 0.9, β₂ = 0.999, ε = 1e-8, λ = 0.01 (Keras: ε = 1e-7, λ = 0.004). As in
/// both, the learning rate multiplies the decay, so that its schedule applies to it too. State: as in ``Adam``.
public struct AdamW: Optimizer, Registrable {
  public static let name = "adamw"
  public static let card = Card(
    "Adam with decoupled weight decay, which shrinks all parameters equally, whatever their gradients.",
    formula: "θ ← (1 − η·λ)·θ;  m ← β₁·m + (1 − β₁)·g;  v ← β₂·v + (1 − β₂)·g²;  θ ← θ − η·m̂ / (√v̂ + ε)",
    references: ["Loshchilov, Hutter: Decoupled weight decay regularization (2019), arXiv:1711.05101"])

  @Field(.schedule, "Learning rate η", .positive) var learningRate: any Schedule = 0.001
  var moments = AdaptiveMoments()
  @Field(.schedule, "Weight decay λ; subtracts η·λ·θ", .nonNegative) var weightDecay: any Schedule = 0.01

  public init() {}

  /// Throws `ConfigurationError` for values out of range.
  public init(
    learningRate: any Schedule = 0.001, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8,
    weightDecay: any Schedule = 0.01, amsgrad: Bool = false
  ) throws {
    self.learningRate = learningRate
    self.weightDecay = weightDecay
    moments = AdaptiveMoments(beta1: beta1, beta2: beta2, epsilon: epsilon, amsgrad: amsgrad)
    self = try checked()
  }

  public func update(_ parameters: inout Tensor, state: inout OptimizerState, from evaluation: Evaluation) {
    let progress = evaluation.progress(after: state)
    let η = learningRate.value(at: progress)
    let λ = weightDecay.value(at: progress)
    moments.update(&parameters, state: &state, from: evaluation, rate: η) { θ, _ in
      θ = (1 - η * λ) * θ
    }
  }
}
