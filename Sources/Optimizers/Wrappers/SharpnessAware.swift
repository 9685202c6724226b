import AviaryCore
import AviaryRegistry

/// Another rule, with the gradient of the worst point near by, so that it seeks valleys that are wide.
///
/// θ ← rule(θ, ∇f(θ + ε)), ε = ρ·g / ‖g‖; adaptive: ε = ρ·θ²·g / ‖θ·g‖, which does not change where weights of one layer are
/// scaled up and those of the next down.
///
/// Costs a second gradient a step. Clipping bounds the first gradient only, which gives a direction. State: what the rule
/// remembers.
public struct SharpnessAware: Optimizer, Registrable {
  public static let name = "sharpness-aware"
  public static let card = Card(
    "Another rule, with the gradient of the worst point near by: it seeks wide valleys.",
    formula: "θ ← rule(θ, ∇f(θ + ε)),  ε = ρ·g / ‖g‖   (adaptive: ε = ρ·θ²·g / ‖θ·g‖)",
    references: [
      "Foret, Kleiner, Mobahi, Neyshabur: Sharpness-aware minimization (2021), arXiv:2010.01412",
      "Kwon, Kim, Park, Choi: ASAM (2021), arXiv:2102.11600",
    ])

  @Field(.optimizer, "Rule of the steps") var optimizer: any Optimizer = SGD()
  @Field("How far away the worst point may be, ρ", .positive) var radius = 0.05
  @Field("Measures distances by the sizes of the parameters") var adaptive = false

  public init() {}

  /// Sharpness-aware steps. Throws `ConfigurationError` for values out of range.
  public init(_ optimizer: any Optimizer, radius: Double = 0.05, adaptive: Bool = false) throws {
    self.optimizer = optimizer
    self.radius = radius
    self.adaptive = adaptive
    self = try checked()
  }

  /// The rule asks for nothing that would be that of another point.
  public func validate() throws {
    guard !optimizer.needs.subtracting([.layout]).isEmpty else { return }
    throw ConfigurationError(
      .invalid("the rule asks for more than gradients, and would be told of the point, not of its neighbour"),
      at: "optimizer")
  }

  /// Gradients at other points, and what the rule needs.
  public var needs: Set<Evaluation.Capability> { optimizer.needs.union([.otherPoints]) }
  /// Where the rule needs them.
  public var needsFullBatches: Bool { optimizer.needsFullBatches }
  /// As the rule.
  public var stepsUntilMemory: Int { optimizer.stepsUntilMemory }
  /// The rule's.
  public func solution(_ state: OptimizerState) -> Tensor? { optimizer.solution(state.inner()) }

  /// One step. Throws ``NonFiniteGradientError`` where the gradient near by is not finite.
  public func update(
    _ parameters: inout Tensor, state: inout OptimizerState, from evaluation: Evaluation
  ) throws {
    var gradient = evaluation.gradient
    let length = (adaptive ? parameters * gradient : gradient).euclideanNorm()
    if length > 0 {
      var neighbour = parameters
      let scale = radius / length
      Tensor.update(&neighbour, reading: gradient) { θ, g in θ += scale * (adaptive ? θ.square() * g : g) }
      gradient = try evaluation.lossAndGradient(at: neighbour).gradient
      try gradient.requireFinite(step: state.step)
    }
    try state.withInner { inner in
      let there = Evaluation(gradient: gradient, progress: evaluation.progress, layout: evaluation.layout)
      try optimizer.update(&parameters, state: &inner, from: there)
    }
    state.step += 1
  }
}
