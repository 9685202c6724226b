import AviaryCore
import AviaryRegistry

/// Stochastic gradient descent, with momentum, Nesterov's look-ahead and weight decay.
///
/// g ← ∇f(θ) + λ·θ;  v ← μ·v + g;  θ ← θ − η·v, or with Nesterov θ ← θ − η·(g + μ·v).
///
/// (Robbins and Monro, 1951; Polyak, 1964; Nesterov, 1983; Sutskever et al., 2013.) The velocity starts at zero, as in
/// PyTorch, and the learning rate multiplies it when it is applied, so that a schedule acts at once.
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
    public var weightDecay = 0.0

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
      "weightDecay": "λ of the decay λ·θ added to the gradient, at least 0.",
    ],
    references: [
      "Polyak: Some methods of speeding up the convergence of iteration methods (1964)",
      "Sutskever, Martens, Dahl, Hinton: On the importance of initialization and momentum in deep learning (2013)",
    ])

  let learningRate: any Schedule
  let momentum: any Schedule
  let nesterov: Bool
  let weightDecay: Double
  let hasMomentum: Bool

  /// Checks the hyper-parameters and makes their schedules.
  public init(_ configuration: Configuration, in registries: Registries) throws {
    learningRate = try registries.makeSchedule(configuration.learningRate, "learningRate") {
      try Check.positive($0, "learningRate")
    }
    momentum = try registries.makeSchedule(configuration.momentum, "momentum") {
      try Check.value($0, in: 0..<1, "momentum")
    }
    nesterov = configuration.nesterov
    weightDecay = try Check.nonNegative(configuration.weightDecay, "weightDecay")
    hasMomentum = configuration.momentum != 0
  }

  /// One step.
  public func update(_ parameters: inout Tensor, state: inout OptimizerState, from evaluation: Evaluation) {
    let η = learningRate.value(at: evaluation.progress)
    let μ = momentum.value(at: evaluation.progress)
    var arrays = hasMomentum ? [parameters, state.tensor("velocity", like: parameters)] : [parameters]
    parameters = Tensor.zeros([0])
    state.tensors["velocity"] = nil
    Tensor.update(&arrays, reading: [evaluation.gradient]) { old, read in
      let θ = old[0]
      let g = weightDecay == 0 ? read[0] : read[0] + weightDecay * θ
      guard hasMomentum else { return [θ - η * g] }
      let v = μ * old[1] + g
      return [θ - η * (nesterov ? g + μ * v : v), v]
    }
    parameters = arrays[0]
    if hasMomentum { state.tensors["velocity"] = arrays[1] }
    state.step += 1
  }
}
