import AviaryCore
import AviaryRegistry

/// Wraps another rule to use the gradient at the worst point nearby, so that it prefers wide minima.
///
///     θ ← rule(θ, ∇f(θ + ε)),   ε = ρ·g / ‖g‖,   adaptive: ε = ρ·θ²·g / ‖θ·g‖
///
/// The adaptive form is invariant to scaling the weights of one layer up and those of the next down.
///
/// Costs a second gradient per step. Clipping applies only to the first gradient, which gives the direction. State:
/// that of the rule.
public struct SharpnessAware: Optimizer, Registrable {
  public static let name = "sharpness-aware"
  public static let card = Card(
    "Wraps another rule to use the gradient at the worst point nearby, and so prefers wide minima.",
    formula: "θ ← rule(θ, ∇f(θ + ε)),  ε = ρ·g / ‖g‖   (adaptive: ε = ρ·θ²·g / ‖θ·g‖)",
    references: [
      "Foret, Kleiner, Mobahi, Neyshabur: Sharpness-aware minimization (2021), arXiv:2010.01412",
      "Kwon, Kim, Park, Choi: ASAM (2021), arXiv:2102.11600",
    ])

  @Field(.optimizer, "The wrapped rule") var optimizer: any Optimizer = SGD()
  @Field("Distance ρ to the worst point", .positive) var radius = 0.05
  @Field("Whether to measure distances relative to the parameters") var adaptive = false

  public init() {}

  /// Throws `ConfigurationError` for values out of range.
  public init(_ optimizer: any Optimizer, radius: Double = 0.05, adaptive: Bool = false) throws {
    self.optimizer = optimizer
    self.radius = radius
    self.adaptive = adaptive
    self = try checked()
  }

  /// Rejects rules that need more than gradients, because anything else would belong to another point.
  public func validate() throws {
    guard !optimizer.needs.subtracting([.layout]).isEmpty else { return }
    throw ConfigurationError(
      .invalid(
        "the rule needs more than gradients, which are not available at the nearby point; choose a first-order rule"),
      at: "optimizer")
  }

  /// Gradients at other points, and what the rule needs.
  public var needs: Set<Evaluation.Capability> { optimizer.needs.union([.otherPoints]) }
  /// Where the rule needs them.
  public var needsFullBatches: Bool { optimizer.needsFullBatches }
  /// As the rule.
  public var stepsUntilMemory: Int { optimizer.stepsUntilMemory }
  /// The solution of the rule.
  public func solution(_ state: OptimizerState) -> Tensor? { optimizer.solution(state.inner()) }

  /// Takes a step. Throws ``NonFiniteGradientError`` if the gradient at the nearby point is not finite.
  public func update(
    _ parameters: inout Tensor, state: inout OptimizerState, from evaluation: Evaluation
  ) throws {
    var gradient = evaluation.gradient
    let length = (adaptive ? parameters * gradient : gradient).euclideanNorm()
    if length > 0 {
      var neighbor = parameters
      let scale = radius / length
      Tensor.update(&neighbor, reading: gradient) { θ, g in θ += scale * (adaptive ? θ.square() * g : g) }
      gradient = try evaluation.lossAndGradient(at: neighbor).gradient
      try gradient.requireFinite(step: state.step)
    }
    try state.withInner { inner in
      let there = Evaluation(gradient: gradient, progress: evaluation.progress, layout: evaluation.layout)
      try optimizer.update(&parameters, state: &inner, from: there)
    }
    state.step += 1
  }
}
