import AviaryCore
import AviaryRegistry

/// Adam with the largest recent gradient instead of the root mean square, so that no step exceeds η.
///
///     g ← ∇f(θ) + λ·θ
///     m ← β₁·m + (1 − β₁)·g
///     u ← max(β₂·u, |g| + ε)
///     θ ← θ − η / (1 − β₁ᵗ) · m / u
///
/// The step t counts from 1. The defaults are PyTorch's: η = 0.002, β₁ = 0.9, β₂ = 0.999, ε = 1e-8, which the paper
/// does not have (Keras: η = 0.001, ε = 1e-7 added to u). State: `firstMoment`, `largest`.
public struct Adamax: Optimizer, Registrable {
  public static let name = "adamax"
  public static let card = Card(
    "Adam with the largest recent gradient instead of the root mean square, so that no step exceeds the learning rate.",
    formula: "m ← β₁·m + (1 − β₁)·g;  u ← max(β₂·u, |g| + ε);  θ ← θ − η / (1 − β₁ᵗ) · m / u",
    references: ["Kingma, Ba: Adam, a method for stochastic optimization (2015), section 7.1, arXiv:1412.6980"])

  @Field(.schedule, "Learning rate η", .positive) var learningRate: any Schedule = 0.002
  @Field("Decay rate β₁ of the mean of the gradient", .in(0..<1)) var beta1 = 0.9
  @Field("Decay rate β₂ of the largest gradient", .in(0..<1)) var beta2 = 0.999
  @Field("Small constant ε in the denominator", .positive) var epsilon = 1e-8
  @Field(.schedule, "Weight decay λ; adds λ·θ to the gradient", .nonNegative) var weightDecay: any Schedule = 0.0

  public init() {}

  /// Throws `ConfigurationError` for values out of range.
  public init(
    learningRate: any Schedule = 0.002, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8,
    weightDecay: any Schedule = 0.0
  ) throws {
    self.learningRate = learningRate
    self.weightDecay = weightDecay
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self = try checked()
  }

  public func update(_ parameters: inout Tensor, state: inout OptimizerState, from evaluation: Evaluation) {
    let progress = evaluation.progress(after: state)
    let η = learningRate.value(at: progress)
    let λ = weightDecay.value(at: progress)
    let (β1, β2, ε) = (beta1, beta2, epsilon)
    state.step += 1
    let correction = 1 - Mathematics.power(β1, Double(state.step))
    state.update(&parameters, "firstMoment", "largest", reading: evaluation.gradient) { θ, m, u, g in
      let g = g.decayed(by: λ, of: θ)
      m = β1 * m + (1 - β1) * g
      u = (β2 * u).maximum(g.abs() + ε)
      θ -= η / correction * m / u
    }
  }
}
