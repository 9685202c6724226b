import AviaryCore
import AviaryRegistry

/// Gradient descent with step sizes from running means of the gradient and of its square.
///
/// m ← β₁·m + (1 − β₁)·g;  v ← β₂·v + (1 − β₂)·g²;  θ ← θ − η·m̂ / (√v̂ + ε), m̂ = m / (1 − β₁ᵗ), v̂ = v / (1 − β₂ᵗ), with
/// g ← ∇f(θ) + λ·θ. ``AdamW`` has a weight decay that the division leaves alone.
///
/// The defaults are the paper's and PyTorch's: η = 0.001, β₁ = 0.9, β₂ = 0.999, ε = 1e-8 (Keras: ε = 1e-7). β₁ and β₂ are
/// numbers, not schedules: the correction 1 − βᵗ holds for constant ones. State: `firstMoment`, `secondMoment`, and
/// `largestSecondMoment` with AMSGrad.
public struct Adam: Optimizer, Registrable {
  /// The hyper-parameters.
  public struct Configuration: ConfigurationFields {
    /// η.
    public var learningRate: NumberOrSpecification = 0.001
    /// β₁.
    public var beta1 = 0.9
    /// β₂.
    public var beta2 = 0.999
    /// ε.
    public var epsilon = 1e-8
    /// λ.
    public var weightDecay: NumberOrSpecification = 0
    /// Uses the largest second moment so far.
    public var amsgrad = false

    /// The defaults.
    public init() {}
  }

  /// `"adam"`.
  public static let name = "adam"
  /// What is worth knowing.
  public static let card = Card(
    "Gradient descent with step sizes from running means of the gradient and of its square.",
    formula: "m ← β₁·m + (1 − β₁)·g;  v ← β₂·v + (1 − β₂)·g²;  θ ← θ − η·m̂ / (√v̂ + ε)",
    fields: [
      "learningRate": "Step size η, above 0: a number or a schedule.",
      "beta1": "Share β₁ of the old mean of the gradient that is kept, in [0, 1).",
      "beta2": "Share β₂ of the old mean of its square that is kept, in [0, 1).",
      "epsilon": "ε, which keeps the division finite, above 0.",
      "weightDecay": "λ of the decay λ·θ added to the gradient, at least 0: a number or a schedule.",
      "amsgrad": "Divides by the largest second moment so far (AMSGrad).",
    ],
    references: [
      "Kingma, Ba: Adam, a method for stochastic optimization (2015), arXiv:1412.6980",
      "Reddi, Kale, Kumar: On the convergence of Adam and beyond (2018), arXiv:1904.09237",
    ])

  private let learningRate: any Schedule
  private let weightDecay: any Schedule
  private let moments: AdaptiveMoments

  /// Adam. Throws `ConfigurationError` for values out of range.
  public init(
    learningRate: any Schedule = 0.001, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8,
    weightDecay: any Schedule = 0.0, amsgrad: Bool = false
  ) throws {
    self.learningRate = try Check.positive(schedule: learningRate, "learningRate")
    self.weightDecay = try Check.nonNegative(schedule: weightDecay, "weightDecay")
    moments = try AdaptiveMoments(beta1: beta1, beta2: beta2, epsilon: epsilon, amsgrad: amsgrad)
  }

  /// The optimizer of a configuration.
  public init(_ configuration: Configuration, in registries: Registries) throws {
    try self.init(
      learningRate: registries.makeSchedule(configuration.learningRate), beta1: configuration.beta1,
      beta2: configuration.beta2, epsilon: configuration.epsilon,
      weightDecay: registries.makeSchedule(configuration.weightDecay), amsgrad: configuration.amsgrad)
  }

  /// One step.
  public func update(_ parameters: inout Tensor, state: inout OptimizerState, from evaluation: Evaluation) {
    let progress = evaluation.progress(after: state)
    let η = learningRate.value(at: progress)
    let λ = weightDecay.value(at: progress)
    moments.update(&parameters, state: &state, from: evaluation, rate: η) { θ, g in
      g = g.decayed(by: λ, of: θ)
    }
  }
}
