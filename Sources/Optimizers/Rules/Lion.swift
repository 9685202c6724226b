import AviaryCore
import AviaryRegistry

/// Steps of equal size for every parameter, along the sign of an interpolation between the gradient and its running
/// mean.
///
///     θ ← θ − η·(sign(β₁·m + (1 − β₁)·g) + λ·θ)
///     m ← β₂·m + (1 − β₂)·g
///
/// The defaults are the paper's: η = 0.0001, β₁ = 0.9, β₂ = 0.99, λ = 0. Compared with Adam, use learning rates three
/// to ten times smaller and weight decays as many times larger. State: `firstMoment`.
public struct Lion: Optimizer, Registrable {
  public static let name = "lion"
  public static let card = Card(
    "Steps of equal size, along the sign of an interpolation between the gradient and its running mean.",
    formula: "θ ← θ − η·(sign(β₁·m + (1 − β₁)·g) + λ·θ);  m ← β₂·m + (1 − β₂)·g",
    references: ["Chen et al.: Symbolic discovery of optimization algorithms (2023), arXiv:2302.06675"])

  @Field(.schedule, "Learning rate η", .positive) var learningRate: any Schedule = 0.0001
  @Field("Weight β₁ of the mean in the direction", .in(0..<1)) var beta1 = 0.9
  @Field("Decay rate β₂ of the mean", .in(0..<1)) var beta2 = 0.99
  @Field(.schedule, "Weight decay λ; subtracts η·λ·θ", .nonNegative) var weightDecay: any Schedule = 0.0

  public init() {}

  /// Throws `ConfigurationError` for values out of range.
  public init(
    learningRate: any Schedule = 0.0001, beta1: Double = 0.9, beta2: Double = 0.99, weightDecay: any Schedule = 0.0
  ) throws {
    self.learningRate = learningRate
    self.beta1 = beta1
    self.beta2 = beta2
    self.weightDecay = weightDecay
    self = try checked()
  }

  public func update(_ parameters: inout Tensor, state: inout OptimizerState, from evaluation: Evaluation) {
    let progress = evaluation.progress(after: state)
    let η = learningRate.value(at: progress)
    let λ = weightDecay.value(at: progress)
    let (β1, β2) = (beta1, beta2)
    state.update(&parameters, "firstMoment", reading: evaluation.gradient) { θ, m, g in
      θ -= η * (β1 * m + (1 - β1) * g).sign().decayed(by: λ, of: θ)
      m = β2 * m + (1 - β2) * g
    }
    state.step += 1
  }
}
