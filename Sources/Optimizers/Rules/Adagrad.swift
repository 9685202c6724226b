import AviaryCore
import AviaryRegistry

/// Gradient descent whose step sizes shrink, parameter by parameter, with the sum of all squared gradients so far.
///
/// s ← s + g²;  θ ← θ − η·g / (√s + ε), with g ← ∇f(θ) + λ·θ.
///
/// Good for sparse features: a rare one keeps a long step. The defaults are PyTorch's: η = 0.01, ε = 1e-10, s begins at 0
/// (Keras: 0.001, 1e-7, 0.1). State: `squares`.
public struct Adagrad: Optimizer, Registrable {
  /// The hyper-parameters.
  public struct Configuration: ConfigurationFields {
    /// η.
    public var learningRate: NumberOrSpecification = 0.01
    /// s before the first step.
    public var initialSquares = 0.0
    /// ε.
    public var epsilon = 1e-10
    /// λ.
    public var weightDecay: NumberOrSpecification = 0

    /// The defaults.
    public init() {}
  }

  /// `"adagrad"`.
  public static let name = "adagrad"
  /// What is worth knowing.
  public static let card = Card(
    "Gradient descent whose step sizes shrink with the sum of the squared gradients, for each parameter by itself.",
    formula: "s ← s + g²;  θ ← θ − η·g / (√s + ε)",
    fields: [
      "learningRate": "Step size η, above 0: a number or a schedule.",
      "initialSquares": "The sum s before the first step, at least 0.",
      "epsilon": "ε, which keeps the division finite, above 0.",
      "weightDecay": "λ of the decay λ·θ added to the gradient, at least 0: a number or a schedule.",
    ],
    references: [
      "Duchi, Hazan, Singer: Adaptive subgradient methods for online learning and stochastic optimization (2011)"
    ])

  private let learningRate: any Schedule
  private let initialSquares: Double
  private let epsilon: Double
  private let weightDecay: any Schedule

  /// Adagrad. Throws `ConfigurationError` for values out of range.
  public init(
    learningRate: any Schedule = 0.01, initialSquares: Double = 0, epsilon: Double = 1e-10,
    weightDecay: any Schedule = 0.0
  ) throws {
    self.learningRate = try Check.positive(schedule: learningRate, "learningRate")
    self.initialSquares = try Check.nonNegative(initialSquares, "initialSquares")
    self.epsilon = try Check.positive(epsilon, "epsilon")
    self.weightDecay = try Check.nonNegative(schedule: weightDecay, "weightDecay")
  }

  /// The optimizer of a configuration.
  public init(_ configuration: Configuration, in registries: Registries) throws {
    try self.init(
      learningRate: registries.makeSchedule(configuration.learningRate),
      initialSquares: configuration.initialSquares, epsilon: configuration.epsilon,
      weightDecay: registries.makeSchedule(configuration.weightDecay))
  }

  /// One step.
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
