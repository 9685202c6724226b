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
  /// The hyper-parameters.
  public struct Configuration: ConfigurationFields {
    /// Δ at the beginning.
    public var initialStep = 0.01
    /// η⁻.
    public var shrink = 0.5
    /// η⁺.
    public var growth = 1.2
    /// Δmin.
    public var minimumStep = 1e-6
    /// Δmax.
    public var maximumStep = 50.0

    /// The defaults.
    public init() {}
  }

  /// `"rprop"`.
  public static let name = "rprop"
  /// What is worth knowing.
  public static let card = Card(
    "Steps by the signs of the derivatives alone, each parameter's of a size of its own, for full batches.",
    formula: "Δ ← f·Δ, f = η⁺ where g·g′ > 0, η⁻ where g·g′ < 0, else 1;  g ← 0 where g·g′ < 0;  θ ← θ − Δ·sign(g)",
    fields: [
      "initialStep": "Every parameter's first step Δ, from minimumStep to maximumStep.",
      "shrink": "Factor η⁻ of a step where the derivative changed its sign, between 0 and 1.",
      "growth": "Factor η⁺ of a step where the derivative kept its sign, at least 1.",
      "minimumStep": "The least step, above 0.",
      "maximumStep": "The greatest step, at least minimumStep.",
    ],
    references: [
      "Riedmiller, Braun: A direct adaptive method for faster backpropagation learning, the RPROP algorithm (1993)",
      "Igel, Hüsken: Improving the Rprop learning algorithm (2000)",
    ])

  private let initialStep: Double
  private let shrink: Double
  private let growth: Double
  private let range: ClosedRange<Double>

  /// Rprop. Throws `ConfigurationError` for values out of range.
  public init(
    initialStep: Double = 0.01, shrink: Double = 0.5, growth: Double = 1.2, minimumStep: Double = 1e-6,
    maximumStep: Double = 50
  ) throws {
    self.shrink = try Check.value(shrink, between: 0, and: 1, "shrink")
    try Check.that(growth >= 1 && growth.isFinite, "growth", "a number of at least 1", found: growth)
    self.growth = growth
    let least = try Check.positive(minimumStep, "minimumStep")
    try Check.that(
      maximumStep >= least && maximumStep.isFinite, "maximumStep", "a number of at least minimumStep, \(least)",
      found: maximumStep)
    range = least...maximumStep
    self.initialStep = try Check.value(initialStep, in: range, "initialStep")
  }

  /// The optimizer of a configuration.
  public init(_ configuration: Configuration, in registries: Registries) throws {
    try self.init(
      initialStep: configuration.initialStep, shrink: configuration.shrink, growth: configuration.growth,
      minimumStep: configuration.minimumStep, maximumStep: configuration.maximumStep)
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
      Δ = (Δ * factor).clamped(to: range)
      signs = hasTurned.choosing(0, otherwise: sign)
      θ -= Δ * signs
    }
    state.step += 1
  }
}
