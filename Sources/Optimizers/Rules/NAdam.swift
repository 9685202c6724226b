import AviaryCore
import AviaryRegistry

/// Adam with Nesterov's momentum: the step looks ahead by the gradient that the mean has not taken in yet.
///
/// μₜ = β₁·(1 − ½·0.96^(t·ψ));  m ← β₁·m + (1 − β₁)·g;  v ← β₂·v + (1 − β₂)·g²;
/// θ ← θ − η·((1 − μₜ)/(1 − Πμ)·g + μₜ₊₁/(1 − Πμ·μₜ₊₁)·m) / (√v̂ + ε), Πμ = μ₁⋯μₜ, v̂ = v / (1 − β₂ᵗ), t from 1, with
/// g ← ∇f(θ) + λ·θ.
///
/// The rule and its defaults are PyTorch's: η = 0.002, β₁ = 0.9, β₂ = 0.999, ε = 1e-8, ψ = 0.004. State: `firstMoment`,
/// `secondMoment`, and the number `momentumProduct`, Πμ.
public struct NAdam: Optimizer, Registrable {
  public static let name = "nadam"
  public static let card = Card(
    "Adam with Nesterov's momentum, which looks ahead by the newest gradient.",
    formula: "θ ← θ − η·((1 − μₜ)/(1 − Πμ)·g + μₜ₊₁/(1 − Πμ·μₜ₊₁)·m) / (√v̂ + ε), μₜ = β₁·(1 − ½·0.96^(t·ψ))",
    references: ["Dozat: Incorporating Nesterov momentum into Adam (2016)"])

  @Field(.schedule, "Step size η", .positive) var learningRate: any Schedule = 0.002
  @Field("Share β₁ of the old mean of the gradient that is kept", .in(0..<1)) var beta1 = 0.9
  @Field("Share β₂ of the old mean of its square that is kept", .in(0..<1)) var beta2 = 0.999
  @Field("Term ε that keeps the division finite", .positive) var epsilon = 1e-8
  @Field("How fast ψ the momentum μ rises to β₁", .nonNegative) var momentumDecay = 0.004
  @Field(.schedule, "Factor λ of the decay λ·θ that is added to the gradient", .nonNegative) var weightDecay:
    any Schedule = 0.0

  public init() {}

  /// NAdam. Throws `ConfigurationError` for values out of range.
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

  /// One step.
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

  /// μₜ.
  private func momentum(_ t: Double) -> Double { beta1 * (1 - 0.5 * Mathematics.power(0.96, t * momentumDecay)) }
}
