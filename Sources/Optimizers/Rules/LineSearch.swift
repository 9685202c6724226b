import AviaryCore
import AviaryRegistry

/// Gradient descent that finds its own step size: it tries points along the negative gradient until the loss has
/// decreased enough.
///
///     θ ← θ − t·g,  t the first of t₀, β·t₀, β²·t₀, … with f(θ − t·g) ≤ f(θ) − c·t·‖g‖²
///
/// The inequality is Armijo's condition; t₀ is the previous step times the growth. If no trial satisfies it, or the
/// gradient is zero, the parameters stay. An infinite or NaN loss never satisfies it.
///
/// For smooth problems with the whole training set as one batch, because the noise of mini-batches spoils the
/// comparison. Each trial costs one evaluation of loss and gradient. State: `stepSize`, the next initial step.
public struct LineSearch: Optimizer, Registrable {
  public static let name = "line-search"
  public static let card = Card(
    "Gradient descent with a backtracking line search for the step size, for full batches.",
    formula: "θ ← θ − t·g, t the first of t₀, β·t₀, β²·t₀, … with f(θ − t·g) ≤ f(θ) − c·t·‖g‖²",
    references: [
      "Armijo: Minimization of functions having Lipschitz continuous first partial derivatives (1966)",
      "Nocedal, Wright: Numerical optimization (2006), algorithm 3.1",
    ])

  @Field("Initial step t₀ of the first search", .positive) var initialStep = 1.0
  @Field("Factor β between trials", .between(0, 1)) var shrink = 0.5
  @Field("Initial step of a search relative to the previous step", .atLeast(1)) var growth = 2.0
  @Field("Fraction c of the decrease predicted by the slope that a step must achieve", .between(0, 1))
  var sufficientDecrease =
    1e-4
  @Field("Maximum number of trials per search", .positive) var trials = 30

  public init() {}

  /// Throws `ConfigurationError` for values out of range.
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

  /// The loss, here and at other points.
  public var needs: Set<Evaluation.Capability> { [.loss, .otherPoints] }

  /// True, because a good step for one batch can be too long for another.
  public var needsFullBatches: Bool { true }

  public func update(
    _ parameters: inout Tensor, state: inout OptimizerState, from evaluation: Evaluation
  ) throws {
    guard let loss = evaluation.loss else {
      trap("the evaluation has no loss; see Optimizer.needs")
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
