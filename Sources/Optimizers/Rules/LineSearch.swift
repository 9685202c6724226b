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
  /// The hyper-parameters.
  public struct Configuration: ConfigurationFields {
    /// The step that the first search begins with.
    public var initialStep = 1.0
    /// β.
    public var shrink = 0.5
    /// What the next search begins with, in units of the step taken.
    public var growth = 2.0
    /// c.
    public var sufficientDecrease = 1e-4
    /// The trials of a search.
    public var trials = 30

    /// The defaults.
    public init() {}
  }

  /// `"line-search"`.
  public static let name = "line-search"
  /// What is worth knowing.
  public static let card = Card(
    "Gradient descent whose step size a backtracking line search finds, for full batches.",
    formula: "θ ← θ − t·g, t the first of t₀, β·t₀, β²·t₀, … with f(θ − t·g) ≤ f(θ) − c·t·‖g‖²",
    fields: [
      "initialStep": "Step t₀ that the first search begins with, above 0.",
      "shrink": "Factor β from a trial to the next, between 0 and 1.",
      "growth": "A search begins with the step taken before, times this, at least 1.",
      "sufficientDecrease": "Share c of the decrease promised by the slope that is asked for, between 0 and 1.",
      "trials": "Trials of a search before it gives up, at least 1.",
    ],
    references: [
      "Armijo: Minimization of functions having Lipschitz continuous first partial derivatives (1966)",
      "Nocedal, Wright: Numerical optimization (2006), algorithm 3.1",
    ])

  private let initialStep: Double
  private let shrink: Double
  private let growth: Double
  private let sufficientDecrease: Double
  private let trials: Int

  /// A line search. Throws `ConfigurationError` for values out of range.
  public init(
    initialStep: Double = 1, shrink: Double = 0.5, growth: Double = 2, sufficientDecrease: Double = 1e-4,
    trials: Int = 30
  ) throws {
    self.initialStep = try Check.positive(initialStep, "initialStep")
    self.shrink = try Check.value(shrink, between: 0, and: 1, "shrink")
    try Check.that(growth >= 1 && growth.isFinite, "growth", "a number of at least 1", found: growth)
    self.growth = growth
    self.sufficientDecrease = try Check.value(sufficientDecrease, between: 0, and: 1, "sufficientDecrease")
    self.trials = try Check.positive(trials, "trials")
  }

  /// The optimizer of a configuration.
  public init(_ configuration: Configuration, in registries: Registries) throws {
    try self.init(
      initialStep: configuration.initialStep, shrink: configuration.shrink, growth: configuration.growth,
      sufficientDecrease: configuration.sufficientDecrease, trials: configuration.trials)
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
