import AviaryCore
import AviaryRegistry

/// The nonlinear method of conjugate gradients: each direction is the negative gradient and a share β of the one before, and
/// a line search with the strong Wolfe conditions goes along it.
///
/// d ← −g + β·d;  θ ← θ + t·d. With y = g − g′ the change of the gradient, β is
///
/// ```text
/// polak-ribiere     max(0, g·y / g′·g′)
/// fletcher-reeves   g·g / g′·g′
/// hestenes-stiefel  max(0, g·y / d·y)
/// dai-yuan          g·g / d·y
/// ```
///
/// A search begins with the last step t times the ratio of the slopes g′·d′ / g·d, the first with min(1, 1/‖g‖₁). A
/// direction that does not lead down, and every `restart`-th, is −g.
///
/// For smooth problems with the whole training set as one batch. State: `direction`, `lastGradient`.
public struct ConjugateGradient: Optimizer, Registrable {
  /// How much of the last direction is kept.
  public enum Formula: String, CaseIterable, FieldValue {
    /// max(0, g·y / g′·g′).
    case polakRibiere = "polak-ribiere"
    /// g·g / g′·g′.
    case fletcherReeves = "fletcher-reeves"
    /// max(0, g·y / d·y).
    case hestenesStiefel = "hestenes-stiefel"
    /// g·g / d·y.
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

  @Field("How much of the last direction is kept") var formula = Formula.polakRibiere
  @Field("Steps after which it begins again; null never does", .positive) var restart: Int?
  @Field("Step that a search begins with where nothing is known", .positive) var initialStep = 1.0
  var line = WolfeFields(decrease: 1e-4, flatness: 0.1, trials: 25)

  public init() {}

  /// Conjugate gradients. Throws `ConfigurationError` for values out of range.
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

  /// The loss here and elsewhere.
  public var needs: Set<Evaluation.Capability> { [.loss, .otherPoints] }
  /// Directions are conjugate only where the rows stay the same.
  public var needsFullBatches: Bool { true }

  /// One step.
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

  /// β.
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
