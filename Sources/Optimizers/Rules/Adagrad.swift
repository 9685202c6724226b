import AviaryCore
import AviaryRegistry

/// Gradient descent whose step sizes shrink, for each parameter, with the sum of its squared gradients so far.
///
///     g ← ∇f(θ) + λ·θ
///     s ← s + g²
///     θ ← θ − η·g / (√s + ε)
///
/// Suits sparse features, because rare ones keep large steps. The defaults are PyTorch's: η = 0.01, ε = 1e-10, s starts
/// at 0 (Keras: 0.001, 1e-7, 0.1). State: `squares`.
public struct Adagrad: Optimizer, Registrable {
  public static let name = "adagrad"
  public static let card = Card(
    "Gradient descent whose step sizes shrink, for each parameter, with the sum of its squared gradients.",
    formula: "s ← s + g²;  θ ← θ − η·g / (√s + ε)",
    references: [
      "Duchi, Hazan, Singer: Adaptive subgradient methods for online learning and stochastic optimization (2011)"
    ])

  @Field(.schedule, "Learning rate η", .positive) var learningRate: any Schedule = 0.01
  @Field("Initial value of the sum s", .nonNegative) var initialSquares = 0.0
  @Field("Small constant ε in the denominator", .positive) var epsilon = 1e-10
  @Field(.schedule, "Weight decay λ; adds λ·θ to the gradient", .nonNegative) var weightDecay: any Schedule = 0.0

  public init() {}

  /// Throws `ConfigurationError` for values out of range.
  public init(
    learningRate: any Schedule = 0.01, initialSquares: Double = 0, epsilon: Double = 1e-10,
    weightDecay: any Schedule = 0.0
  ) throws {
    self.learningRate = learningRate
    self.initialSquares = initialSquares
    self.epsilon = epsilon
    self.weightDecay = weightDecay
    self = try checked()
  }

  public func update(_ parameters: inout Tensor, state: inout OptimizerState, from evaluation: Evaluation) {
    let progress = evaluation.progress(after: state)
    let η = learningRate.value(at: progress)
    let λ = weightDecay.value(at: progress)
    let earlier = state.step == 0 ? initialSquares : 0
    state.update(&parameters, "squares", reading: evaluation.gradient) { θ, s, g in
      let g = g.decayed(by: λ, of: θ)
      s = s + g.square()
      if earlier > 0 { s = s + earlier }
      θ -= η * g / (s.sqrt() + epsilon)
    }
    state.step += 1
  }
}
