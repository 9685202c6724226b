import AviaryCore
import AviaryRegistry

/// Stochastic gradient descent whose result is the average of its iterates.
///
///     g ← ∇f(θ) + weightDecay·θ
///     ηₜ = η / (1 + λ·η·t)^α
///     θ ← (1 − λ·ηₜ)·θ − ηₜ·g
///     θ̄ ← θ̄ + (θ − θ̄) / max(1, t − t₀)
///
/// The time t counts the steps done, from 0. Training continues from θ; evaluation and the result use θ̄.
///
/// The rule is PyTorch's `ASGD`: λ = 1e-4, α = 0.75. PyTorch starts to average after t₀ = 10⁶ steps, which few training
/// runs reach; here t₀ = 0. State: `average`, θ̄.
public struct AveragedSGD: Optimizer, Registrable {
  public static let name = "averaged-sgd"
  public static let card = Card(
    "Stochastic gradient descent whose result is the average of its iterates.",
    formula: "ηₜ = η / (1 + λ·η·t)^α;  θ ← (1 − λ·ηₜ)·θ − ηₜ·g;  θ̄ ← θ̄ + (θ − θ̄) / max(1, t − t₀)",
    references: ["Polyak, Juditsky: Acceleration of stochastic approximation by averaging (1992)"])

  @Field(.schedule, "Initial learning rate η", .positive) var learningRate: any Schedule = 0.01
  @Field("Decay λ of the parameters and of the learning rate", .nonNegative) var decay = 1e-4
  @Field("Power α of the learning rate's decay", .nonNegative) var power = 0.75
  @Field("Number t₀ of steps before averaging starts", .nonNegative) var averageAfter = 0
  @Field(.schedule, "Weight decay; adds weightDecay·θ to the gradient", .nonNegative) var weightDecay: any Schedule =
    0.0

  public init() {}

  /// Throws `ConfigurationError` for values out of range.
  public init(
    learningRate: any Schedule = 0.01, decay: Double = 1e-4, power: Double = 0.75, averageAfter: Int = 0,
    weightDecay: any Schedule = 0.0
  ) throws {
    self.learningRate = learningRate
    self.decay = decay
    self.power = power
    self.averageAfter = averageAfter
    self.weightDecay = weightDecay
    self = try checked()
  }

  /// The average of the iterates.
  public func solution(_ state: OptimizerState) -> Tensor? { state.tensors["average"] }

  public func update(_ parameters: inout Tensor, state: inout OptimizerState, from evaluation: Evaluation) {
    let progress = evaluation.progress(after: state)
    let initial = learningRate.value(at: progress)
    let t = Double(state.step)
    let η = initial / Mathematics.power(1 + decay * initial * t, power)
    let λ = weightDecay.value(at: progress)
    let share = 1 / max(1, t - Double(averageAfter))
    let kept = 1 - decay * η
    state.update(&parameters, "average", reading: evaluation.gradient) { θ, average, g in
      θ = kept * θ - η * g.decayed(by: λ, of: θ)
      average = share == 1 ? θ : average + share * (θ - average)
    }
    state.step += 1
  }
}
