import AviaryCore
import AviaryRegistry

/// The limited-memory method of Broyden, Fletcher, Goldfarb and Shanno: recent steps and changes of the gradient
/// approximate the inverse Hessian, and a line search with the strong Wolfe conditions finds the step.
///
///     d = −H·g;  θ ← θ + t·d
///
/// The recursion for H uses the last m pairs s = θ − θ′, y = g − g′ with s·y > 10⁻¹⁰, from H₀ = (s·y / y·y)·I. The
/// search for t starts at 1, in the first step at min(1, 1/‖g‖₁). If a direction does not descend, or a search finds no
/// better point, all pairs are dropped.
///
/// For smooth problems with the whole training set as one batch. A step costs one evaluation per trial point, usually
/// only one. The steps equal those of PyTorch's `LBFGS` with `max_iter=1, line_search_fn="strong_wolfe"`. State: 2m + 2
/// vectors.
public struct LBFGS: Optimizer, Registrable {
  public static let name = "lbfgs"
  public static let card = Card(
    "Quasi-Newton steps from recent changes of the gradient, with a strong Wolfe search; for full batches.",
    formula: "θ ← θ − t·H·g, H from the last m pairs s = θ − θ′, y = g − g′",
    references: [
      "Liu, Nocedal: On the limited memory BFGS method for large scale optimization (1989)",
      "Nocedal, Wright: Numerical optimization (2006), algorithms 7.4, 3.5 and 3.6",
    ])

  @Field("Number m of pairs to keep", .in(1...200)) var memory = 10
  @Field("Step at which a search starts", .positive) var initialStep = 1.0
  var line = WolfeFields()

  public init() {}

  /// Throws `ConfigurationError` for values out of range.
  public init(
    memory: Int = 10, initialStep: Double = 1, decrease: Double = 1e-4, flatness: Double = 0.9, trials: Int = 25
  ) throws {
    self.memory = memory
    self.initialStep = initialStep
    line = WolfeFields(decrease: decrease, flatness: flatness, trials: trials)
    self = try checked()
  }

  /// The loss, here and at other points.
  public var needs: Set<Evaluation.Capability> { [.loss, .otherPoints] }
  /// True, because changes of the gradient show curvature only for the same rows.
  public var needsFullBatches: Bool { true }

  public func update(
    _ parameters: inout Tensor, state: inout OptimizerState, from evaluation: Evaluation
  ) throws {
    guard let loss = evaluation.loss else { trap("the evaluation does not know its loss; see Optimizer.needs") }
    let g = evaluation.gradient
    remember(g, &state)
    var direction = direction(g, state)
    if !(direction.dot(g) < 0) {
      state.numbers["pairs"] = 0
      direction = -g
    }
    let isFirst = state.numbers["pairs"] == 0
    let size = g.abs().sum().item()
    let first = isFirst ? min(1, 1 / max(size, .leastNormalMagnitude)) * initialStep : initialStep
    let start = WolfeSearch.Point(step: 0, loss: loss, slope: direction.dot(g), gradient: g)
    let found =
      size > 0 ? try line.search.point(from: start, parameters, along: direction, first: first, evaluation) : start
    let isBetter = found.step > 0 && found.loss.isFinite
    if !isBetter { state.numbers["pairs"] = 0 }
    let step = isBetter ? direction * found.step : Tensor.zeros(g.shape, dtype: g.dtype)
    Tensor.update(&parameters, reading: step) { θ, s in θ += s }
    (state.tensors["step"], state.tensors["lastGradient"]) = (step, g)
    state.step += 1
  }

  /// Replaces the oldest pair by that of the last step.
  private func remember(_ g: Tensor, _ state: inout OptimizerState) {
    guard state.step > 0, let s = state.tensors["step"], let last = state.tensors["lastGradient"] else {
      let zeros = Tensor.zeros(g.shape, dtype: g.dtype)
      for index in 0..<memory {
        (state.tensors["step.\(index)"], state.tensors["change.\(index)"]) = (zeros, zeros)
      }
      (state.numbers["pairs"], state.numbers["next"], state.numbers["scale"]) = (0, 0, 1)
      return
    }
    let y = g - last
    let product = y.dot(s)
    guard product > 1e-10 else { return }
    let next = state.whole("next", below: memory)
    (state.tensors["step.\(next)"], state.tensors["change.\(next)"]) = (s, y)
    state.numbers["next"] = Double((next + 1) % memory)
    state.numbers["pairs"] = min(Double(memory), (state.numbers["pairs"] ?? 0) + 1)
    state.numbers["scale"] = product / y.dot(y)
  }

  /// Computes −H·g by the two-loop recursion.
  private func direction(_ g: Tensor, _ state: OptimizerState) -> Tensor {
    let (count, next) = (state.whole("pairs", below: memory + 1), state.whole("next", below: memory))
    let pairs = (0..<count).compactMap { age -> (s: Tensor, y: Tensor, ρ: Double)? in
      let index = (next - 1 - age + 2 * memory) % memory
      guard let s = state.tensors["step.\(index)"], let y = state.tensors["change.\(index)"] else { return nil }
      return (s, y, 1 / y.dot(s))
    }
    guard !pairs.isEmpty else { return -g }
    var (q, weights) = (-g, [Double]())
    for (s, y, ρ) in pairs {
      weights.append(s.dot(q) * ρ)
      q = q.adding(-weights[weights.count - 1], times: y)
    }
    q = q * (state.numbers["scale"] ?? 1)
    for ((s, y, ρ), weight) in zip(pairs, weights).reversed() {
      q = q.adding(weight - y.dot(q) * ρ, times: s)
    }
    return q
  }
}
