import AviaryCore
import AviaryRegistry

/// The nonlinear conjugate gradient method: each direction is the negative gradient plus β times the previous
/// direction; a line search with the strong Wolfe conditions finds the step.
///
///     d ← −g + β·d;  θ ← θ + t·d
///
/// With the change of the gradient y = g − g′, the formulas for β are
///
/// ```text
/// polak-ribiere     max(0, g·y / g′·g′)
/// fletcher-reeves   g·g / g′·g′
/// hestenes-stiefel  max(0, g·y / d·y)
/// dai-yuan          g·g / d·y
/// ```
///
/// A search starts at the previous step t times the ratio of slopes g′·d′ / g·d, the first one at min(1, 1/‖g‖₁). If a
/// direction does not descend, and at every `restart`-th step, −g replaces it.
///
/// For smooth problems with the whole training set as one batch. State: `direction`, `lastGradient`.
public struct ConjugateGradient: Optimizer, Registrable {
  /// The formula for the factor β of the previous direction.
  public enum Formula: String, CaseIterable, FieldValue {
    /// `max(0, g·y / g′·g′)`
    case polakRibiere = "polak-ribiere"
    /// `g·g / g′·g′`
    case fletcherReeves = "fletcher-reeves"
    /// `max(0, g·y / d·y)`
    case hestenesStiefel = "hestenes-stiefel"
    /// `g·g / d·y`
    case daiYuan = "dai-yuan"
  }

  public static let name = "conjugate-gradient"
  public static let card = Card(
    "Nonlinear conjugate gradients with a strong Wolfe search; for full batches.",
    formula: "d ← −g + β·d;  θ ← θ + t·d",
    references: [
      "Fletcher, Reeves: Function minimization by conjugate gradients (1964)",
      "Nocedal, Wright: Numerical optimization (2006), algorithms 5.4, 3.5 and 3.6",
    ])

  @Field("Formula for the factor β of the previous direction") var formula = Formula.polakRibiere
  @Field("Number of steps between restarts from the negative gradient; null for none", .positive) var restart: Int?
  @Field("Factor of the first search's initial step", .positive) var initialStep = 1.0
  var line = WolfeFields(decrease: 1e-4, flatness: 0.1, trials: 25)

  public init() {}

  /// Throws `ConfigurationError` for values out of range.
  public init(
    formula: Formula = .polakRibiere, restart: Int? = nil, initialStep: Double = 1, decrease: Double = 1e-4,
    flatness: Double = 0.1, trials: Int = 25
  ) throws {
    self.formula = formula
    self.restart = restart
    self.initialStep = initialStep
    line = WolfeFields(decrease: decrease, flatness: flatness, trials: trials)
    self = try checked()
  }

  /// The loss, here and at other points.
  public var needs: Set<Evaluation.Capability> { [.loss, .otherPoints] }
  /// True, because directions are conjugate only for the same rows.
  public var needsFullBatches: Bool { true }

  public func update(
    _ parameters: inout Tensor, state: inout OptimizerState, from evaluation: Evaluation
  ) throws {
    guard let loss = evaluation.loss else { trap("the evaluation does not know its loss; see Optimizer.needs") }
    let g = evaluation.gradient
    var direction = -g
    if state.step > 0, restart.map({ state.step % $0 != 0 }) ?? true, let last = state.tensors["direction"],
      let before = state.tensors["lastGradient"]
    {
      let β = share(g, before, last)
      if β.isFinite { direction = direction.adding(β, times: last) }
    }
    if !(direction.dot(g) < 0) { direction = -g }
    let (slope, size) = (direction.dot(g), g.abs().sum().item())
    var first = min(1, 1 / max(size, .leastNormalMagnitude)) * initialStep
    if let t = state.numbers["stepSize"], let before = state.numbers["slope"], t > 0, slope < 0 {
      first = min(t * before / slope, 1e6 * t)
    }
    let start = WolfeSearch.Point(step: 0, loss: loss, slope: slope, gradient: g)
    let found =
      size > 0 ? try line.search.point(from: start, parameters, along: direction, first: first, evaluation) : start
    if found.step > 0, found.loss.isFinite {
      Tensor.update(&parameters, reading: direction) { θ, d in θ += found.step * d }
    }
    (state.tensors["direction"], state.tensors["lastGradient"]) = (direction, g)
    (state.numbers["stepSize"], state.numbers["slope"]) = (found.step, slope)
    state.step += 1
  }

  /// The factor β.
  private func share(_ g: Tensor, _ before: Tensor, _ direction: Tensor) -> Double {
    let y = g - before
    switch formula {
    case .polakRibiere: return max(0, g.dot(y) / before.dot(before))
    case .fletcherReeves: return g.dot(g) / before.dot(before)
    case .hestenesStiefel: return max(0, g.dot(y) / direction.dot(y))
    case .daiYuan: return g.dot(g) / direction.dot(y)
    }
  }
}
