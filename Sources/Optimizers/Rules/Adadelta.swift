import AviaryCore
import AviaryRegistry

/// Gradient descent without a learning rate to tune: the ratio of two running root mean squares gives steps in the
/// units of the parameters.
///
///     g ← ∇f(θ) + λ·θ
///     s ← ρ·s + (1 − ρ)·g²
///     δ ← √(d + ε) / √(s + ε) · g
///     d ← ρ·d + (1 − ρ)·δ²
///     θ ← θ − η·δ
///
/// The defaults are PyTorch's: η = 1 (the paper has none), ρ = 0.9, ε = 1e-6 (the paper: ρ = 0.95, ε = 1e-6; Keras: η =
/// 0.001, ρ = 0.95, ε = 1e-7). State: `squares`, `steps`.
public struct Adadelta: Optimizer, Registrable {
  public static let name = "adadelta"
  public static let card = Card(
    "Gradient descent without a learning rate to tune; steps come from the ratio of two running root mean squares.",
    formula: "s ← ρ·s + (1 − ρ)·g²;  δ ← √(d + ε) / √(s + ε) · g;  d ← ρ·d + (1 − ρ)·δ²;  θ ← θ − η·δ",
    references: ["Zeiler: Adadelta, an adaptive learning rate method (2012), arXiv:1212.5701"])

  @Field(.schedule, "Learning rate η, a factor of the steps", .positive) var learningRate: any Schedule = 1.0
  @Field("Decay rate ρ of the running means", .in(0..<1)) var decay = 0.9
  @Field("Small constant ε that starts the steps and keeps the division finite", .positive) var epsilon = 1e-6
  @Field(.schedule, "Weight decay λ; adds λ·θ to the gradient", .nonNegative) var weightDecay: any Schedule = 0.0

  public init() {}

  /// Throws `ConfigurationError` for values out of range.
  public init(
    learningRate: any Schedule = 1.0, decay: Double = 0.9, epsilon: Double = 1e-6, weightDecay: any Schedule = 0.0
  ) throws {
    self.learningRate = learningRate
    self.decay = decay
    self.epsilon = epsilon
    self.weightDecay = weightDecay
    self = try checked()
  }

  public func update(_ parameters: inout Tensor, state: inout OptimizerState, from evaluation: Evaluation) {
    let progress = evaluation.progress(after: state)
    let η = learningRate.value(at: progress)
    let λ = weightDecay.value(at: progress)
    let (ρ, ε) = (decay, epsilon)
    state.update(&parameters, "squares", "steps", reading: evaluation.gradient) { θ, s, d, g in
      let g = g.decayed(by: λ, of: θ)
      s = ρ * s + (1 - ρ) * g.square()
      let δ = ((d + ε) / (s + ε)).sqrt() * g
      d = ρ * d + (1 - ρ) * δ.square()
      θ -= η * δ
    }
    state.step += 1
  }
}
