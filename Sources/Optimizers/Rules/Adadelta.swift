import AviaryCore
import AviaryRegistry

/// Gradient descent without a learning rate to tune: steps in the units of the parameters, from the ratio of two running
/// root mean squares.
///
/// s ← ρ·s + (1 − ρ)·g²;  δ ← √(d + ε) / √(s + ε) · g;  d ← ρ·d + (1 − ρ)·δ²;  θ ← θ − η·δ, with g ← ∇f(θ) + λ·θ.
///
/// The defaults are PyTorch's: η = 1 (the paper has none), ρ = 0.9, ε = 1e-6 (the paper: ρ = 0.95, ε = 1e-6; Keras: η =
/// 0.001, ρ = 0.95, ε = 1e-7). State: `squares`, `steps`.
public struct Adadelta: Optimizer, Registrable {
  /// The hyper-parameters.
  public struct Configuration: ConfigurationFields {
    /// η.
    public var learningRate: NumberOrSpecification = 1
    /// ρ.
    public var decay = 0.9
    /// ε.
    public var epsilon = 1e-6
    /// λ.
    public var weightDecay: NumberOrSpecification = 0

    /// The defaults.
    public init() {}
  }

  /// `"adadelta"`.
  public static let name = "adadelta"
  /// What is worth knowing.
  public static let card = Card(
    "Gradient descent with step sizes from the ratio of two running root mean squares, without a rate to tune.",
    formula: "s ← ρ·s + (1 − ρ)·g²;  δ ← √(d + ε) / √(s + ε) · g;  d ← ρ·d + (1 − ρ)·δ²;  θ ← θ − η·δ",
    fields: [
      "learningRate": "Factor η of the steps, above 0: a number or a schedule.",
      "decay": "Share ρ of the old means that is kept, in [0, 1).",
      "epsilon": "ε, which starts the steps off and keeps the division finite, above 0.",
      "weightDecay": "λ of the decay λ·θ added to the gradient, at least 0: a number or a schedule.",
    ],
    references: ["Zeiler: Adadelta, an adaptive learning rate method (2012), arXiv:1212.5701"])

  private let learningRate: any Schedule
  private let decay: Double
  private let epsilon: Double
  private let weightDecay: any Schedule

  /// Adadelta. Throws `ConfigurationError` for values out of range.
  public init(
    learningRate: any Schedule = 1.0, decay: Double = 0.9, epsilon: Double = 1e-6, weightDecay: any Schedule = 0.0
  ) throws {
    self.learningRate = try Check.positive(schedule: learningRate, "learningRate")
    self.decay = try Check.value(decay, in: 0..<1, "decay")
    self.epsilon = try Check.positive(epsilon, "epsilon")
    self.weightDecay = try Check.nonNegative(schedule: weightDecay, "weightDecay")
  }

  /// The optimizer of a configuration.
  public init(_ configuration: Configuration, in registries: Registries) throws {
    try self.init(
      learningRate: registries.makeSchedule(configuration.learningRate), decay: configuration.decay,
      epsilon: configuration.epsilon, weightDecay: registries.makeSchedule(configuration.weightDecay))
  }

  /// One step.
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
