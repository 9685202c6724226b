import Aviary

/// Steps of the same size for every parameter, along the signs of a running mean of the gradient.
///
/// m ← β·m + (1 − β)·g;  θ ← θ − η·sign(m). State: `mean`.
struct SignDescent: Optimizer, Registrable {
  struct Configuration: ConfigurationFields {
    var learningRate: NumberOrSpecification = 0.001
    var beta = 0.9
  }

  static let name = "sign-descent"
  static let card = Card(
    "Steps of the same size for every parameter, along the signs of a running mean of the gradient.",
    formula: "m ← β·m + (1 − β)·g;  θ ← θ − η·sign(m)",
    fields: [
      "learningRate": "Step size η, above 0: a number or a schedule.",
      "beta": "Decay β of the mean, in [0, 1).",
    ],
    references: ["Bernstein, Wang, Azizzadenesheli, Anandkumar: signSGD (2018), arXiv:1802.04434"])

  private let learningRate: any Schedule
  private let beta: Double

  init(_ configuration: Configuration, in registries: Registries) throws {
    learningRate = try Check.positive(schedule: registries.makeSchedule(configuration.learningRate), "learningRate")
    beta = try Check.value(configuration.beta, in: 0..<1, "beta")
  }

  func update(_ parameters: inout Tensor, state: inout OptimizerState, from evaluation: Evaluation) {
    let η = learningRate.value(at: evaluation.progress(after: state))
    state.update(&parameters, "mean", reading: evaluation.gradient) { θ, m, g in
      m = beta * m + (1 - beta) * g
      θ -= η * m.sign()
    }
    state.step += 1
  }
}
