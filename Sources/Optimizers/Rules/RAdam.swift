import AviaryCore
import AviaryRegistry

/// Adam that skips the division until the mean of the squares is reliable, instead of a warm-up.
///
///     g ← ∇f(θ) + λ·θ,   m and v as in Adam
///     ρ∞ = 2/(1 − β₂) − 1,   ρₜ = ρ∞ − 2·t·β₂ᵗ/(1 − β₂ᵗ)
///     if ρₜ > 5: θ ← θ − η·r·m̂·√(1 − β₂ᵗ)/(√v + ε),   r = √((ρₜ − 4)(ρₜ − 2)ρ∞ / ((ρ∞ − 4)(ρ∞ − 2)ρₜ))
///     else:      θ ← θ − η·m̂
///
/// The rule and its defaults are PyTorch's: η = 0.001, β₁ = 0.9, β₂ = 0.999, ε = 1e-8. State: `firstMoment`,
/// `secondMoment`.
public struct RAdam: Optimizer, Registrable {
  public static let name = "radam"
  public static let card = Card(
    "Adam that skips the division until the mean of the squares is reliable, instead of a warm-up.",
    formula: "θ ← θ − η·r·m̂ / (√v̂ + ε) if ρₜ > 5, else θ ← θ − η·m̂; ρₜ = ρ∞ − 2·t·β₂ᵗ/(1 − β₂ᵗ)",
    references: [
      "Liu, Jiang, He, Chen, Liu, Gao, Han: On the variance of the adaptive learning rate and beyond (2020), arXiv:1908.03265"
    ])

  @Field(.schedule, "Learning rate η", .positive) var learningRate: any Schedule = 0.001
  @Field("Decay rate β₁ of the mean of the gradient", .in(0..<1)) var beta1 = 0.9
  @Field("Decay rate β₂ of the mean of its square", .in(0..<1)) var beta2 = 0.999
  @Field("Small constant ε in the denominator", .positive) var epsilon = 1e-8
  @Field(.schedule, "Weight decay λ; adds λ·θ to the gradient", .nonNegative) var weightDecay: any Schedule = 0.0

  public init() {}

  /// Throws `ConfigurationError` for values out of range.
  public init(
    learningRate: any Schedule = 0.001, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8,
    weightDecay: any Schedule = 0.0
  ) throws {
    self.learningRate = learningRate
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
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
    let rate = η / (1 - Mathematics.power(β1, t))
    let divided = rectification(t).map { rate * $0 }
    state.update(&parameters, "firstMoment", "secondMoment", reading: evaluation.gradient) { θ, m, v, g in
      let g = g.decayed(by: λ, of: θ)
      m = β1 * m + (1 - β1) * g
      v = β2 * v + (1 - β2) * g.square()
      if let divided { θ -= divided * m / (v.sqrt() + ε) } else { θ -= rate * m }
    }
  }

  /// The factor r·√(1 − β₂ᵗ); nil while there are too few squares.
  private func rectification(_ t: Double) -> Double? {
    let power = Mathematics.power(beta2, t)
    let limit = 2 / (1 - beta2) - 1
    let length = limit - 2 * t * power / (1 - power)
    guard length > 5 else { return nil }
    let share = (length - 4) * (length - 2) * limit / ((limit - 4) * (limit - 2) * length)
    return (share * (1 - power)).squareRoot()
  }
}
