import AviaryCore
import AviaryRegistry

/// Gradient descent that finds its own step size: it tries points along the negative gradient until the loss has fallen
/// enough.
///
/// From the step t it goes to the first of t, β·t, β²·t, … with f(θ − t·g) ≤ f(θ) − c·t·‖g‖² (Armijo's condition); the next
/// search begins at the step it took, times the growth. Where none of the trials is good enough, or the gradient is zero,
/// the parameters stay. A loss that is infinite or not a number is never good enough.
///
/// For smooth problems with the whole training set as one batch: noise of mini-batches deceives the comparison. A step
/// costs one evaluation of loss and gradient a trial. State: `stepSize`, the step to begin with.
public struct LineSearch: Optimizer, Registrable {
  public static let name = "line-search"
  public static let card = Card(
    "Gradient descent whose step size a backtracking line search finds, for full batches.",
    formula: "θ ← θ − t·g, t the first of t₀, β·t₀, β²·t₀, … with f(θ − t·g) ≤ f(θ) − c·t·‖g‖²",
    references: [
      "Armijo: Minimization of functions having Lipschitz continuous first partial derivatives (1966)",
      "Nocedal, Wright: Numerical optimization (2006), algorithm 3.1",
    ])

  @Field("Step t₀ that the first search begins with", .positive) var initialStep = 1.0
  @Field("Factor β from a trial to the next", .between(0, 1)) var shrink = 0.5
  @Field("Each search begins with this times the step taken before", .atLeast(1)) var growth = 2.0
  @Field("Share c of the decrease promised by the slope that is asked for", .between(0, 1)) var sufficientDecrease =
    1e-4
  @Field("Trials of a search before it gives up", .positive) var trials = 30

  public init() {}

  /// A line search. Throws `ConfigurationError` for values out of range.
  public init(
    initialStep: Double = 1, shrink: Double = 0.5, growth: Double = 2, sufficientDecrease: Double = 1e-4,
    trials: Int = 30
  ) throws {
    self.initialStep = initialStep
    self.shrink = shrink
    self.growth = growth
    self.sufficientDecrease = sufficientDecrease
    self.trials = trials
    self = try checked()
  }

  /// The loss here and elsewhere.
  public var needs: Set<Evaluation.Capability> { [.loss, .otherPoints] }

  /// The step that was long enough for one batch is too long for another.
  public var needsFullBatches: Bool { true }

  /// One step.
  public func update(
    _ parameters: inout Tensor, state: inout OptimizerState, from evaluation: Evaluation
  ) throws {
    guard let loss = evaluation.loss else {
      trap("the evaluation does not know its loss; see Optimizer.needs")
    }
    let gradient = evaluation.gradient
    let norm = gradient.euclideanNorm()
    var t = state.numbers["stepSize"] ?? initialStep
    state.numbers["stepSize"] = t
    for _ in 0..<trials where norm > 0 {
      var trial = parameters
      Tensor.update(&trial, reading: gradient) { θ, g in θ -= t * g }
      if try evaluation.lossAndGradient(at: trial).loss <= loss - sufficientDecrease * t * norm * norm {
        parameters = trial
        state.numbers["stepSize"] = min(growth * t, .greatestFiniteMagnitude)
        break
      }
      t *= shrink
    }
    state.step += 1
  }
}
