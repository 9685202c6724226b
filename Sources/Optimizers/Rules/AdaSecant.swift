import AviaryCore
import AviaryRegistry

/// A secant method without a learning rate: each parameter's rate is the ratio of its steps to the changes of its gradient
/// that went with them, over means whose memory adapts itself.
///
/// With ĝ = g / (‖g‖ + ε) for each parameter tensor, α = ĝ − ĝ′ (ĝ′ the one before), and E the running means of weight
/// 1/τ (of the gradient itself: 1 − β):
///
/// ```text
/// γ = min(√E[((ĝ − g̃′)(g̃′ − E[ĝ]))²] / √(E[((E[ĝ] − ĝ)(g̃′ − E[ĝ]))²] + ε), limit)
/// g̃ = (ĝ + γ·E[ĝ]) / (1 + γ)                                  the gradient with less variance
/// η = √(E[Δ²] + ε) / √(E[α²] + ε) − E[α·Δ] / (E[α²] + ε)
/// Δ = −η·g̃ / max(1, √Σg̃²)                                     the sum over all steps so far; without adagrad Δ = −η·g̃
/// θ ← θ + Δ
/// τ ← (1 − E[Δ]² / E[Δ²])·τ + 1, or 2.2 after an outlier; in [1.5, 10⁸]
/// ```
///
/// An outlier is further than two standard deviations from the mean, of ĝ or of α. The order and the beginnings (means ε,
/// τ = 2.1, Δ = ĝ in the first step) are those of the authors' program, and so are the defaults, which their experiments on
/// MNIST have: β = 0.95, limit 1.8. State: twelve vectors. Not for gradients that become exactly 0 for many steps.
public struct AdaSecant: Optimizer, Registrable {
  public static let name = "adasecant"
  public static let card = Card(
    "A secant method that finds each parameter's learning rate, and reduces the variance of gradients.",
    formula: "η = √E[Δ²] / √E[α²] − E[α·Δ] / E[α²];  g̃ = (ĝ + γ·E[ĝ]) / (1 + γ);  θ ← θ − η·g̃ / max(1, √Σg̃²)",
    references: [
      "Gulcehre, Bengio: ADASECANT, robust adaptive secant method for stochastic gradient (2014), arXiv:1412.7419"
    ])

  @Field("Share β of the old mean of the gradient that is kept", .in(0..<1)) var decay = 0.95
  @Field("Greatest share γ of the mean gradient in a step", .nonNegative) var correctionLimit = 1.8
  @Field("Steps before the variance is reduced", .nonNegative) var correctsAfter = 0
  @Field("Divides steps by the root of all squared gradients, where it is above 1") var adagrad = true
  @Field("Term ε that keeps the divisions finite", .positive) var epsilon = 1e-7

  public init() {}

  /// AdaSecant. Throws `ConfigurationError` for values out of range.
  public init(
    decay: Double = 0.95, correctionLimit: Double = 1.8, correctsAfter: Int = 0, adagrad: Bool = true,
    epsilon: Double = 1e-7
  ) throws {
    self.decay = decay
    self.correctionLimit = correctionLimit
    self.correctsAfter = correctsAfter
    self.adagrad = adagrad
    self.epsilon = epsilon
    self = try checked()
  }

  /// Where each parameter lies.
  public var needs: Set<Evaluation.Capability> { [.layout] }

  /// One step.
  public func update(_ parameters: inout Tensor, state: inout OptimizerState, from evaluation: Evaluation) {
    let ĝ = normalized(evaluation, parameters)
    if state.step == 0 { begin(&state, ĝ) }
    let τ = state.tensors["memory"] ?? ĝ
    correct(&state, ĝ, τ)
    var α = ĝ
    bend(&state, &α, τ)
    var memory = τ
    remember(&memory, state, ĝ, α)
    move(&parameters, &state, α, τ)
    state.tensors["memory"] = memory
    state.step += 1
  }

  /// The gradient, each parameter tensor's of length 1.
  private func normalized(_ evaluation: Evaluation, _ parameters: Tensor) -> Tensor {
    var gradient = evaluation.gradient
    for block in evaluation.layout(of: parameters) {
      let length = block.piece(of: gradient).euclideanNorm() + epsilon
      gradient.withFlatPiece(from: block.offset, count: block.count) { piece in
        Tensor.update(&piece) { g in g = g / length }
      }
    }
    return gradient
  }

  /// What it remembers before the first step.
  private func begin(_ state: inout OptimizerState, _ ĝ: Tensor) {
    func filled(_ value: Double) -> Tensor { Tensor(repeating: value, shape: ĝ.shape, dtype: ĝ.dtype) }
    for name in [
      "meanGradient", "meanSquaredGradient", "correctionNumerator", "correctionDenominator", "correctedGradient",
      "lastGradient", "meanChange", "meanSquaredChange", "covariance",
    ] {
      state.tensors[name] = filled(epsilon)
    }
    state.tensors["memory"] = filled(2.1 * (1 + epsilon))
    (state.tensors["meanStep"], state.tensors["meanSquaredStep"]) = (ĝ, ĝ.square())
    if adagrad { state.tensors["squares"] = filled(0) }
  }

  /// The mean gradient, and from it g̃, which stays in the state.
  private func correct(_ state: inout OptimizerState, _ ĝ: Tensor, _ τ: Tensor) {
    let isCorrected = state.step >= correctsAfter
    state.withVector("correctedGradient", like: ĝ) { corrected, state in
      let names = ["meanGradient", "meanSquaredGradient", "correctionNumerator", "correctionDenominator"]
      state.update(&corrected, names, reading: [ĝ, τ]) { g̃, means, read in
        let (ĝ, w) = (read[0], 1 / read[1])
        let γ = (means[2].sqrt() / (means[3] + epsilon).sqrt()).minimum(correctionLimit)
        means[0] = decay * means[0] + (1 - decay) * ĝ
        means[1] = decay * means[1] + (1 - decay) * ĝ.square()
        let (m, kept) = (means[0], 1 - w)
        let side = g̃ - m
        means[2] = kept * means[2] + w * ((ĝ - g̃) * side).square()
        means[3] = kept * means[3] + w * ((m - ĝ) * side).square()
        g̃ = isCorrected ? (ĝ + γ * m) / (1 + γ) : ĝ
      }
    }
  }

  /// The change of the gradient, α in place of ĝ, and its means.
  private func bend(_ state: inout OptimizerState, _ α: inout Tensor, _ τ: Tensor) {
    state.update(&α, ["lastGradient", "meanChange", "meanSquaredChange"], reading: [τ]) { α, means, read in
      let (ĝ, w) = (α, 1 / read[0])
      α = ĝ - means[0]
      means[0] = ĝ
      means[1] = (1 - w) * means[1] + w * α
      means[2] = (1 - w) * means[2] + w * α.square()
    }
  }

  /// The new τ.
  private func remember(_ memory: inout Tensor, _ state: OptimizerState, _ ĝ: Tensor, _ α: Tensor) {
    let names = [
      "meanGradient", "meanSquaredGradient", "meanChange", "meanSquaredChange", "meanStep", "meanSquaredStep",
    ]
    var arrays = [memory]
    Tensor.update(&arrays, reading: [ĝ, α] + names.compactMap { state.tensors[$0] }) { values, read in
      func isFar(_ x: FusedValue, _ mean: FusedValue, _ square: FusedValue) -> FusedValue {
        (x - mean).abs().isGreater(than: 2 * (square - mean.square()).maximum(0).sqrt())
      }
      let isOutlier = isFar(read[0], read[2], read[3]).maximum(isFar(read[1], read[4], read[5]))
      let longer = (1 - read[6].square() / (read[7] + epsilon)) * values[0] + (1 + epsilon)
      values[0] = isOutlier.choosing(2.2, otherwise: longer).clamped(to: 1.5...1e8)
    }
    memory = arrays[0]
  }

  /// The step.
  private func move(_ parameters: inout Tensor, _ state: inout OptimizerState, _ α: Tensor, _ τ: Tensor) {
    let names = ["covariance", "meanStep", "meanSquaredStep"] + (adagrad ? ["squares"] : [])
    let read = [α, τ] + ["meanSquaredChange", "correctedGradient"].compactMap { state.tensors[$0] }
    state.update(&parameters, names, reading: read) { θ, means, read in
      let (α, w, square, g̃) = (read[0], 1 / read[1], read[2] + epsilon, read[3])
      var Δ = (means[0] / square - (means[2] + epsilon).sqrt() / square.sqrt()) * g̃
      if adagrad {
        means[3] += g̃.square()
        Δ = Δ / means[3].sqrt().maximum(1)
      }
      means[0] = (1 - w) * means[0] + w * (Δ * α)
      means[1] = (1 - w) * means[1] + w * Δ
      means[2] = (1 - w) * means[2] + w * Δ.square()
      θ += Δ
    }
  }
}
