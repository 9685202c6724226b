import AviaryCore
import AviaryRegistry

/// Stochastic gradient descent whose result is the mean of the points that it came by.
///
/// ηₜ = η / (1 + λ·η·t)^α;  θ ← (1 − λ·ηₜ)·θ − ηₜ·g;  θ̄ ← θ̄ + (θ − θ̄)·max(1, t − t₀)⁻¹, t steps done, from 0, with
/// g ← ∇f(θ) + weightDecay·θ. The training goes on from θ; what is measured, and what it gives, is θ̄.
///
/// The rule is PyTorch's `ASGD`: λ = 1e-4, α = 0.75. It begins to average after t₀ = 10⁶ steps, which few trainings have;
/// here t₀ = 0. State: `average`, θ̄.
public struct AveragedSGD: Optimizer, Registrable {
  public static let name = "averaged-sgd"
  public static let card = Card(
    "Stochastic gradient descent whose result is the mean of the points that it came by.",
    formula: "ηₜ = η / (1 + λ·η·t)^α;  θ ← (1 − λ·ηₜ)·θ − ηₜ·g;  θ̄ ← θ̄ + (θ − θ̄) / max(1, t − t₀)",
    references: ["Polyak, Juditsky: Acceleration of stochastic approximation by averaging (1992)"])

  @Field(.schedule, "Step size η at the start", .positive) var learningRate: any Schedule = 0.01
  @Field("Factor λ of the decay of parameters and rate", .nonNegative) var decay = 1e-4
  @Field("Power α of the rate's decay", .nonNegative) var power = 0.75
  @Field("Steps t₀ before it averages", .nonNegative) var averageAfter = 0
  @Field(.schedule, "Factor of the decay that is added to the gradient", .nonNegative) var weightDecay: any Schedule =
    0.0

  public init() {}

  /// Averaged gradient descent. Throws `ConfigurationError` for values out of range.
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

  /// The mean of the points.
  public func solution(_ state: OptimizerState) -> Tensor? { state.tensors["average"] }

  /// One step.
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
