import AviaryCore
import AviaryRegistry

/// Stochastic gradient descent, optionally with momentum, Nesterov momentum and weight decay.
///
///     g ← ∇f(θ) + λ·θ
///     v ← μ·v + g
///     θ ← θ − η·v                (Nesterov: θ ← θ − η·(g + μ·v))
///
/// As in PyTorch, the velocity holds gradients and is multiplied by the learning rate when applied, so that a schedule
/// takes effect at once. The defaults are also PyTorch's, except for η = 0.01, which is Keras's. Keras has the learning
/// rate inside the velocity (v ← μ·v − η·g), which is equivalent while η is constant. State: `velocity`, only with
/// momentum.
public struct SGD: Optimizer, Registrable {
  public static let name = "sgd"
  public static let card = Card(
    "Stochastic gradient descent, optionally with momentum, Nesterov momentum and weight decay.",
    formula: "g ← ∇f(θ) + λ·θ;  v ← μ·v + g;  θ ← θ − η·v   (Nesterov: θ ← θ − η·(g + μ·v))",
    references: [
      "Robbins, Monro: A stochastic approximation method (1951)",
      "Polyak: Some methods of speeding up the convergence of iteration methods (1964)",
      "Sutskever, Martens, Dahl, Hinton: On the importance of initialization and momentum in deep learning (2013)",
    ])

  @Field(.schedule, "Learning rate η", .positive) var learningRate: any Schedule = 0.01
  @Field(.schedule, "Momentum μ", .in(0..<1)) var momentum: any Schedule = 0.0
  @Field("Uses Nesterov momentum") var nesterov = false
  @Field(.schedule, "Weight decay λ; adds λ·θ to the gradient", .nonNegative) var weightDecay: any Schedule = 0.0

  public init() {}

  /// Throws `ConfigurationError` for values out of range.
  public init(
    learningRate: any Schedule = 0.01, momentum: any Schedule = 0.0, nesterov: Bool = false,
    weightDecay: any Schedule = 0.0
  ) throws {
    self.learningRate = learningRate
    self.momentum = momentum
    self.nesterov = nesterov
    self.weightDecay = weightDecay
    self = try checked()
  }

  /// Whether the momentum is ever other than 0.
  private var hasVelocity: Bool { momentum.range != 0...0 }

  /// The learning rate η; nil with momentum.
  public func gradientStep(at progress: TrainingProgress) -> Double? {
    hasVelocity ? nil : learningRate.value(at: progress)
  }

  public func update(_ parameters: inout Tensor, state: inout OptimizerState, from evaluation: Evaluation) {
    let progress = evaluation.progress(after: state)
    let η = learningRate.value(at: progress)
    let μ = momentum.value(at: progress)
    let λ = weightDecay.value(at: progress)
    if hasVelocity {
      state.update(&parameters, "velocity", reading: evaluation.gradient) { θ, v, g in
        let g = g.decayed(by: λ, of: θ)
        v = μ * v + g
        θ -= η * (nesterov ? g + μ * v : v)
      }
    } else {
      Tensor.update(&parameters, reading: evaluation.gradient) { θ, g in
        θ -= η * g.decayed(by: λ, of: θ)
      }
    }
    state.step += 1
  }
}
