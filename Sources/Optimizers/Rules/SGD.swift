import AviaryCore
import AviaryRegistry

/// Stochastic gradient descent, with momentum, Nesterov's look-ahead and weight decay.
///
/// g ← ∇f(θ) + λ·θ;  v ← μ·v + g;  θ ← θ − η·v, or with Nesterov θ ← θ − η·(g + μ·v).
///
/// As in PyTorch the velocity holds gradients and the learning rate multiplies it when it is applied, so that a schedule acts
/// at once; the defaults are PyTorch's too, but for η = 0.01, which is Keras's. Keras has the learning rate inside the
/// velocity (v ← μ·v − η·g), which is the same as long as η does not change. State: `velocity`, with momentum only.
public struct SGD: Optimizer, Registrable {
  /// The hyper-parameters.
  public struct Configuration: ConfigurationFields {
    /// η.
    public var learningRate: NumberOrSpecification = 0.01
    /// μ.
    public var momentum: NumberOrSpecification = 0
    /// Takes the gradient's step from the point that the momentum leads to.
    public var nesterov = false
    /// λ.
    public var weightDecay: NumberOrSpecification = 0

    /// The defaults: plain gradient descent with η = 0.01.
    public init() {}
  }

  /// `"sgd"`.
  public static let name = "sgd"
  /// What is worth knowing.
  public static let card = Card(
    "Stochastic gradient descent, with momentum, Nesterov's look-ahead and weight decay on request.",
    formula: "g ← ∇f(θ) + λ·θ;  v ← μ·v + g;  θ ← θ − η·v   (Nesterov: θ ← θ − η·(g + μ·v))",
    fields: [
      "learningRate": "Step size η, above 0: a number or a schedule.",
      "momentum": "Share μ of the velocity that is kept, in [0, 1): a number or a schedule.",
      "nesterov": "Uses Nesterov's momentum.",
      "weightDecay": "λ of the decay λ·θ added to the gradient, at least 0: a number or a schedule.",
    ],
    references: [
      "Robbins, Monro: A stochastic approximation method (1951)",
      "Polyak: Some methods of speeding up the convergence of iteration methods (1964)",
      "Sutskever, Martens, Dahl, Hinton: On the importance of initialization and momentum in deep learning (2013)",
    ])

  private let learningRate: any Schedule
  private let momentum: any Schedule
  private let nesterov: Bool
  private let weightDecay: any Schedule
  private let hasVelocity: Bool

  /// Gradient descent. Throws `ConfigurationError` for values out of range.
  public init(
    learningRate: any Schedule = 0.01, momentum: any Schedule = 0.0, nesterov: Bool = false,
    weightDecay: any Schedule = 0.0
  ) throws {
    self.learningRate = try Check.positive(schedule: learningRate, "learningRate")
    self.momentum = try Check.value(schedule: momentum, in: 0..<1, "momentum")
    self.nesterov = nesterov
    self.weightDecay = try Check.nonNegative(schedule: weightDecay, "weightDecay")
    hasVelocity = momentum.range != 0...0
  }

  /// The optimizer of a configuration.
  public init(_ configuration: Configuration, in registries: Registries) throws {
    try self.init(
      learningRate: registries.makeSchedule(configuration.learningRate),
      momentum: registries.makeSchedule(configuration.momentum), nesterov: configuration.nesterov,
      weightDecay: registries.makeSchedule(configuration.weightDecay))
  }

  /// η; nil with momentum.
  public func gradientStep(at progress: TrainingProgress) -> Double? {
    hasVelocity ? nil : learningRate.value(at: progress)
  }

  /// One step.
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
