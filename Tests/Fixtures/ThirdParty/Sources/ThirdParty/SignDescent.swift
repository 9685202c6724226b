import Aviary

/// Steps of equal size for every parameter, along the sign of a running mean of the gradient.
///
///     m ← β·m + (1 − β)·g
///     θ ← θ − η·sign(m)
///
/// State: `mean`.
struct SignDescent: Optimizer, Registrable {
  static let name = "sign-descent"
  static let card = Card(
    "Steps of equal size for every parameter, along the sign of a running mean of the gradient.",
    formula: "m ← β·m + (1 − β)·g;  θ ← θ − η·sign(m)",
    references: ["Bernstein, Wang, Azizzadenesheli, Anandkumar: signSGD (2018), arXiv:1802.04434"])

  @Field(.schedule, "Learning rate η", .positive) var learningRate: any Schedule = 0.001
  @Field("Decay β of the mean", .in(0..<1)) var beta = 0.9

  func update(_ parameters: inout Tensor, state: inout OptimizerState, from evaluation: Evaluation) {
    let η = learningRate.value(at: evaluation.progress(after: state))
    state.update(&parameters, "mean", reading: evaluation.gradient) { θ, m, g in
      m = beta * m + (1 - beta) * g
      θ -= η * m.sign()
    }
    state.step += 1
  }
}
