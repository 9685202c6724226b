import AviaryCore
import AviaryRegistry

/// Resilient backpropagation: every parameter has a step of its own, which grows while its derivative keeps its sign and
/// shrinks when the sign turns around. How large the derivative is does not matter.
///
/// a = g·g′, g′ the derivative before;  Δ ← min(max(f·Δ, Δmin), Δmax), f = η⁺ where a > 0, η⁻ where a < 0, else 1;  g ← 0
/// where a < 0;  θ ← θ − Δ·sign(g).
///
/// The rule and its defaults are PyTorch's, which is the variant without going back, iRprop⁻: where the sign turned, the
/// parameter stays for one step. For the whole training set as one batch: the noise of mini-batches turns signs around. It
/// has no learning rate and so no schedule. State: `steps`, Δ; `signs`, those of g′.
public struct Rprop: Optimizer, Registrable {
  public static let name = "rprop"
  public static let card = Card(
    "Steps by the signs of the derivatives alone, each parameter's of a size of its own, for full batches.",
    formula: "Δ ← f·Δ, f = η⁺ where g·g′ > 0, η⁻ where g·g′ < 0, else 1;  g ← 0 where g·g′ < 0;  θ ← θ − Δ·sign(g)",
    references: [
      "Riedmiller, Braun: A direct adaptive method for faster backpropagation learning, the RPROP algorithm (1993)",
      "Igel, Hüsken: Improving the Rprop learning algorithm (2000)",
    ])

  @Field("First step Δ of every parameter, from minimumStep to maximumStep", .positive) var initialStep = 0.01
  @Field("Factor η⁻ of a step where the derivative changed its sign", .between(0, 1)) var shrink = 0.5
  @Field("Factor η⁺ of a step where the derivative kept its sign", .atLeast(1)) var growth = 1.2
  @Field("Least step", .positive) var minimumStep = 1e-6
  @Field("Greatest step, at least minimumStep", .positive) var maximumStep = 50.0

  public init() {}

  /// Rprop. Throws `ConfigurationError` for values out of range.
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

  /// The first step lies between the least and the greatest.
  public func validate() throws {
    try Check.that(
      maximumStep >= minimumStep, "maximumStep", "at least minimumStep, \(minimumStep)", found: maximumStep)
    try Check.value(initialStep, in: minimumStep...maximumStep, "initialStep")
  }

  /// One step.
  public func update(_ parameters: inout Tensor, state: inout OptimizerState, from evaluation: Evaluation) {
    if state.tensors["steps"] == nil {
      state.tensors["steps"] = Tensor(repeating: initialStep, shape: parameters.shape, dtype: parameters.dtype)
    }
    state.update(&parameters, "steps", "signs", reading: evaluation.gradient) { θ, Δ, signs, g in
      let sign = g.sign()
      // Of signs, not of derivatives, whose product may vanish.
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
