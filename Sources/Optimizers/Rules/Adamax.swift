import AviaryCore
import AviaryRegistry

/// Adam with the largest recent gradient in place of the root mean square, so that no step exceeds η.
///
/// m ← β₁·m + (1 − β₁)·g;  u ← max(β₂·u, |g| + ε);  θ ← θ − η / (1 − β₁ᵗ) · m / u, t from 1, with g ← ∇f(θ) + λ·θ.
///
/// The defaults are PyTorch's: η = 0.002, β₁ = 0.9, β₂ = 0.999, ε = 1e-8, which the paper does not have (Keras: η = 0.001, ε =
/// 1e-7 beside u). State: `firstMoment`, `largest`.
public struct Adamax: Optimizer, Registrable {
  /// The hyper-parameters.
  public struct Configuration: ConfigurationFields {
    /// η.
    public var learningRate: NumberOrSpecification = 0.002
    /// β₁.
    public var beta1 = 0.9
    /// β₂.
    public var beta2 = 0.999
    /// ε.
    public var epsilon = 1e-8
    /// λ.
    public var weightDecay: NumberOrSpecification = 0

    /// The defaults.
    public init() {}
  }

  /// `"adamax"`.
  public static let name = "adamax"
  /// What is worth knowing.
  public static let card = Card(
    "Adam with the largest recent gradient in place of the root mean square, so that no step exceeds its rate.",
    formula: "m ← β₁·m + (1 − β₁)·g;  u ← max(β₂·u, |g| + ε);  θ ← θ − η / (1 − β₁ᵗ) · m / u",
    fields: [
      "learningRate": "Step size η, above 0: a number or a schedule.",
      "beta1": "Share β₁ of the old mean of the gradient that is kept, in [0, 1).",
      "beta2": "Share β₂ of the old largest gradient that is kept, in [0, 1).",
      "epsilon": "ε, which keeps the division finite, above 0.",
      "weightDecay": "λ of the decay λ·θ added to the gradient, at least 0: a number or a schedule.",
    ],
    references: ["Kingma, Ba: Adam, a method for stochastic optimization (2015), section 7.1, arXiv:1412.6980"])

  private let learningRate: any Schedule
  private let beta1: Double
  private let beta2: Double
  private let epsilon: Double
  private let weightDecay: any Schedule

  /// Adamax. Throws `ConfigurationError` for values out of range.
  public init(
    learningRate: any Schedule = 0.002, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8,
    weightDecay: any Schedule = 0.0
  ) throws {
    self.learningRate = try Check.positive(schedule: learningRate, "learningRate")
    self.beta1 = try Check.value(beta1, in: 0..<1, "beta1")
    self.beta2 = try Check.value(beta2, in: 0..<1, "beta2")
    self.epsilon = try Check.positive(epsilon, "epsilon")
    self.weightDecay = try Check.nonNegative(schedule: weightDecay, "weightDecay")
  }

  /// The optimizer of a configuration.
  public init(_ configuration: Configuration, in registries: Registries) throws {
    try self.init(
      learningRate: registries.makeSchedule(configuration.learningRate), beta1: configuration.beta1,
      beta2: configuration.beta2, epsilon: configuration.epsilon,
      weightDecay: registries.makeSchedule(configuration.weightDecay))
  }

  /// One step.
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
