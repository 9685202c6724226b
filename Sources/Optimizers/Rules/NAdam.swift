import AviaryCore
import AviaryRegistry

/// Adam with Nesterov momentum: the step looks ahead with the newest gradient.
///
///     g ← ∇f(θ) + λ·θ
///     μₜ = β₁·(1 − ½·0.96^(t·ψ))
///     m ← β₁·m + (1 − β₁)·g
///     v ← β₂·v + (1 − β₂)·g²
///     θ ← θ − η·((1 − μₜ)/(1 − Πμ)·g + μₜ₊₁/(1 − Πμ·μₜ₊₁)·m) / (√v̂ + ε),   Πμ = μ₁⋯μₜ,   v̂ = v / (1 − β₂ᵗ)
///
/// The step t counts from 1. The rule and its defaults are PyTorch's: η = 0.002, β₁ = 0.9, β₂ = 0.999, ε = 1e-8, ψ =
/// 0.004. State: `firstMoment`, `secondMoment`, and the number `momentumProduct`, Πμ.
public struct NAdam: Optimizer, Registrable {
  public static let name = "nadam"
  public static let card = Card(
    "Adam with Nesterov momentum, which looks ahead with the newest gradient.",
    formula: "θ ← θ − η·((1 − μₜ)/(1 − Πμ)·g + μₜ₊₁/(1 − Πμ·μₜ₊₁)·m) / (√v̂ + ε), μₜ = β₁·(1 − ½·0.96^(t·ψ))",
    references: ["Dozat: Incorporating Nesterov momentum into Adam (2016)"])

  @Field(.schedule, "Learning rate η", .positive) var learningRate: any Schedule = 0.002
  @Field("Decay rate β₁ of the mean of the gradient", .in(0..<1)) var beta1 = 0.9
  @Field("Decay rate β₂ of the mean of its square", .in(0..<1)) var beta2 = 0.999
  @Field("Small constant ε in the denominator", .positive) var epsilon = 1e-8
  @Field("Rate ψ at which the momentum μ rises to β₁", .nonNegative) var momentumDecay = 0.004
  @Field(.schedule, "Weight decay λ; adds λ·θ to the gradient", .nonNegative) var weightDecay: any Schedule = 0.0

  public init() {}

  /// Throws `ConfigurationError` for values out of range.
  public init(
    learningRate: any Schedule = 0.002, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8,
    momentumDecay: Double = 0.004, weightDecay: any Schedule = 0.0
  ) throws {
    self.learningRate = learningRate
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.momentumDecay = momentumDecay
    self.weightDecay = weightDecay
    self = try checked()
  }

  public func update(_ parameters: inout Tensor, state: inout OptimizerState, from evaluation: Evaluation) {
    let progress = evaluation.progress(after: state)
    let η = learningRate.value(at: progress)
    let λ = weightDecay.value(at: progress)
    let (β1, β2, ε) = (beta1, beta2, epsilon)
    state.step += 1
    let t = Double(state.step)
    let (μ, next) = (momentum(t), momentum(t + 1))
    let product = (state.numbers["momentumProduct"] ?? 1) * μ
    state.numbers["momentumProduct"] = product
    let gradientRate = η * (1 - μ) / (1 - product)
    let momentRate = η * next / (1 - product * next)
    let correction = 1 - Mathematics.power(β2, t)
    state.update(&parameters, "firstMoment", "secondMoment", reading: evaluation.gradient) { θ, m, v, g in
      let g = g.decayed(by: λ, of: θ)
      m = β1 * m + (1 - β1) * g
      v = β2 * v + (1 - β2) * g.square()
      θ -= (gradientRate * g + momentRate * m) / ((v / correction).sqrt() + ε)
    }
  }

  /// The momentum μₜ.
  private func momentum(_ t: Double) -> Double { beta1 * (1 - 0.5 * Mathematics.power(0.96, t * momentumDecay)) }
}
