import AviaryCore
import AviaryRegistry

/// Resilient backpropagation: each parameter has its own step, which grows while its derivative keeps its sign and
/// shrinks when the sign changes. The magnitude of the derivative does not matter.
///
///     Δ ← min(max(f·Δ, Δmin), Δmax),   f = η⁺ if g·g′ > 0, η⁻ if g·g′ < 0, else 1
///     g ← 0 if g·g′ < 0
///     θ ← θ − Δ·sign(g)
///
/// Here g′ is the previous derivative. The rule and its defaults are PyTorch's, the variant without backtracking,
/// iRprop⁻: if the sign changes, the parameter stays for one step. For the whole training set as one batch, because the
/// noise of mini-batches flips signs. It has no learning rate and so no schedule. State: `steps`, Δ; `signs`, those of
/// g′.
public struct Rprop: Optimizer, Registrable {
  public static let name = "rprop"
  public static let card = Card(
    "Steps along the signs of the derivatives, with a step size for each parameter, for full batches.",
    formula: "Δ ← f·Δ, f = η⁺ if g·g′ > 0, η⁻ if g·g′ < 0, else 1;  g ← 0 if g·g′ < 0;  θ ← θ − Δ·sign(g)",
    references: [
      "Riedmiller, Braun: A direct adaptive method for faster backpropagation learning, the RPROP algorithm (1993)",
      "Igel, Hüsken: Improving the Rprop learning algorithm (2000)",
    ])

  @Field("Initial step Δ of every parameter, from minimumStep to maximumStep", .positive) var initialStep = 0.01
  @Field("Factor η⁻ of a step if the derivative changed its sign", .between(0, 1)) var shrink = 0.5
  @Field("Factor η⁺ of a step if the derivative kept its sign", .atLeast(1)) var growth = 1.2
  @Field("Minimum step", .positive) var minimumStep = 1e-6
  @Field("Maximum step, at least minimumStep", .positive) var maximumStep = 50.0

  public init() {}

  /// Throws `ConfigurationError` for values out of range.
  public init(
    initialStep: Double = 0.01, shrink: Double = 0.5, growth: Double = 1.2, minimumStep: Double = 1e-6,
    maximumStep: Double = 50
  ) throws {
    self.initialStep = initialStep
    self.shrink = shrink
    self.growth = growth
    self.minimumStep = minimumStep
    self.maximumStep = maximumStep
    self = try checked()
  }

  public func validate() throws {
    try Check.that(
      maximumStep >= minimumStep, "maximumStep", "at least minimumStep, \(minimumStep)", found: maximumStep)
    try Check.value(initialStep, in: minimumStep...maximumStep, "initialStep")
  }

  public func update(_ parameters: inout Tensor, state: inout OptimizerState, from evaluation: Evaluation) {
    if state.tensors["steps"] == nil {
      state.tensors["steps"] = Tensor(repeating: initialStep, shape: parameters.shape, dtype: parameters.dtype)
    }
    state.update(&parameters, "steps", "signs", reading: evaluation.gradient) { θ, Δ, signs, g in
      let sign = g.sign()
      // Multiplies signs, because a product of derivatives may underflow to 0.
      let agreement = sign * signs
      let hasTurned = (-agreement).isGreater(than: 0)
      let factor = agreement.isGreater(than: 0).choosing(growth, otherwise: hasTurned.choosing(shrink, otherwise: 1))
      Δ = (Δ * factor).clamped(to: minimumStep...maximumStep)
      signs = hasTurned.choosing(0, otherwise: sign)
      θ -= Δ * signs
    }
    state.step += 1
  }
}
