import AviaryCore
import AviaryRegistry

/// Gradient descent with step sizes from running means of the gradient and of its square.
///
///     g ← ∇f(θ) + λ·θ
///     m ← β₁·m + (1 − β₁)·g
///     v ← β₂·v + (1 − β₂)·g²
///     θ ← θ − η·m̂ / (√v̂ + ε),   m̂ = m / (1 − β₁ᵗ),   v̂ = v / (1 − β₂ᵗ)
///
/// The defaults are the paper's and PyTorch's: η = 0.001, β₁ = 0.9, β₂ = 0.999, ε = 1e-8 (Keras: ε = 1e-7). β₁ and β₂
/// cannot be schedules, because the correction 1 − βᵗ assumes constants. ``AdamW`` decouples weight decay from the
/// division. State: `firstMoment`, `secondMoment`, and `largestSecondMoment` with AMSGrad.
public struct Adam: Optimizer, Registrable {
  public static let name = "adam"
  public static let card = Card(
    "Gradient descent with step sizes from running means of the gradient and of its square.",
    formula: "m ← β₁·m + (1 − β₁)·g;  v ← β₂·v + (1 − β₂)·g²;  θ ← θ − η·m̂ / (√v̂ + ε)",
    references: [
      "Kingma, Ba: Adam, a method for stochastic optimization (2015), arXiv:1412.6980",
      "Reddi, Kale, Kumar: On the convergence of Adam and beyond (2018), arXiv:1904.09237",
    ])

  @Field(.schedule, "Learning rate η", .positive) var learningRate: any Schedule = 0.001
  var moments = AdaptiveMoments()
  @Field(.schedule, "Weight decay λ; adds λ·θ to the gradient", .nonNegative) var weightDecay: any Schedule = 0.0

  public init() {}

  /// Throws `ConfigurationError` for values out of range.
  public init(
    learningRate: any Schedule = 0.001, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8,
    weightDecay: any Schedule = 0.0, amsgrad: Bool = false
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
    moments.update(&parameters, state: &state, from: evaluation, rate: η) { θ, g in
      g = g.decayed(by: λ, of: θ)
    }
  }
}
