import AviaryCore
import AviaryRegistry

/// Adam with the step of each parameter tensor scaled to the tensor's norm: for large batches.
///
///     m ← β₁·m + (1 − β₁)·g
///     v ← β₂·v + (1 − β₂)·g²
///     u = m̂ / (√v̂ + ε) + λ·w
///     w ← w − η·‖w‖/‖u‖·u        (for each tensor w; the factor is 1 if a norm is 0)
///
/// Biases and other vectors are not scaled (the factor is 1) unless `scalesVectors` is true.
///
/// The defaults are Optax's: η = 0.001, β₁ = 0.9, β₂ = 0.999, ε = 1e-6, λ = 0. State: `firstMoment`, `secondMoment`.
public struct LAMB: Optimizer, Registrable {
  public static let name = "lamb"
  public static let card = Card(
    "Adam with the step of each layer scaled to the norm of its weights; for large batches.",
    formula: "u = m̂ / (√v̂ + ε) + λ·w;  w ← w − η·‖w‖/‖u‖·u",
    references: [
      "You et al.: Large batch optimization for deep learning, training BERT in 76 minutes (2020), arXiv:1904.00962"
    ])

  @Field(.schedule, "Learning rate η", .positive) var learningRate: any Schedule = 0.001
  @Field("Decay rate β₁ of the mean of the gradient", .in(0..<1)) var beta1 = 0.9
  @Field("Decay rate β₂ of the mean of its square", .in(0..<1)) var beta2 = 0.999
  @Field("Small constant ε in the denominator", .positive) var epsilon = 1e-6
  @Field("Also scales the steps of biases and other vectors") var scalesVectors = false
  @Field(.schedule, "Weight decay λ; adds λ·w to the direction", .nonNegative) var weightDecay: any Schedule = 0.0

  public init() {}

  /// Throws `ConfigurationError` for values out of range.
  public init(
    learningRate: any Schedule = 0.001, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-6,
    scalesVectors: Bool = false, weightDecay: any Schedule = 0.0
  ) throws {
    self.learningRate = learningRate
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.scalesVectors = scalesVectors
    self.weightDecay = weightDecay
    self = try checked()
  }

  /// The layout of the parameters.
  public var needs: Set<Evaluation.Capability> { [.layout] }

  public func update(_ parameters: inout Tensor, state: inout OptimizerState, from evaluation: Evaluation) {
    let progress = evaluation.progress(after: state)
    let η = learningRate.value(at: progress)
    let λ = weightDecay.value(at: progress)
    let (β1, β2, ε) = (beta1, beta2, epsilon)
    state.step += 1
    let c1 = 1 - Mathematics.power(β1, Double(state.step))
    let c2 = 1 - Mathematics.power(β2, Double(state.step))
    // Starts as the gradient and becomes the direction.
    var direction = evaluation.gradient
    state.update(&direction, "firstMoment", "secondMoment", reading: parameters) { u, m, v, w in
      m = β1 * m + (1 - β1) * u
      v = β2 * v + (1 - β2) * u.square()
      u = (m / c1 / ((v / c2).sqrt() + ε)).decayed(by: λ, of: w)
    }
    for block in evaluation.layout(of: parameters) {
      let u = block.piece(of: direction)
      let (weight, length) = (block.piece(of: parameters).euclideanNorm(), u.euclideanNorm())
      let isScaled = weight > 0 && length > 0 && (scalesVectors || block.isMatrix)
      let rate = isScaled ? η * weight / length : η
      parameters.withFlatPiece(from: block.offset, count: block.count) { w in
        Tensor.update(&w, reading: u) { w, u in w -= rate * u }
      }
    }
  }
}
