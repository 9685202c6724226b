import AviaryCore
import AviaryRegistry

/// Momentum with a learning rate for each parameter tensor, in proportion to the ratio of the norms of the tensor and
/// its gradient, so that large batches with large rates change all layers equally.
///
///     r = κ·‖w‖ / (‖g‖ + λ·‖w‖ + ε)        (for each tensor w; 1 if a norm is 0)
///     v ← μ·v + r·(g + λ·w)
///     w ← w − η·v
///
/// Biases and other vectors are not scaled (r = 1) unless `scalesVectors` is true.
///
/// The defaults are the paper's and Optax's: κ = 0.001, μ = 0.9, ε = 0; η is 1, to which κ is tuned. Both have η inside
/// the velocity, which is equivalent while η is constant; here, as in ``SGD``, a schedule takes effect at once. State:
/// `velocity`.
public struct LARS: Optimizer, Registrable {
  public static let name = "lars"
  public static let card = Card(
    "Momentum with a learning rate for each layer from the norms of its weights and gradient; for large batches.",
    formula: "r = κ·‖w‖ / (‖g‖ + λ·‖w‖ + ε);  v ← μ·v + r·(g + λ·w);  w ← w − η·v",
    references: ["You, Gitman, Ginsburg: Large batch training of convolutional networks (2017), arXiv:1708.03888"])

  @Field(.schedule, "Learning rate η", .positive) var learningRate: any Schedule = 1.0
  @Field(.schedule, "Momentum μ", .in(0..<1)) var momentum: any Schedule = 0.9
  @Field("Trust coefficient κ: the norm of a step relative to that of the tensor", .positive) var trustCoefficient =
    0.001
  @Field("Small constant ε added to the gradient's norm", .nonNegative) var epsilon = 0.0
  @Field("Also scales the steps of biases and other vectors") var scalesVectors = false
  @Field(.schedule, "Weight decay λ; adds λ·w to the gradient", .nonNegative) var weightDecay: any Schedule = 0.0

  public init() {}

  /// Throws `ConfigurationError` for values out of range.
  public init(
    learningRate: any Schedule = 1.0, momentum: any Schedule = 0.9, trustCoefficient: Double = 0.001,
    epsilon: Double = 0, scalesVectors: Bool = false, weightDecay: any Schedule = 0.0
  ) throws {
    self.learningRate = learningRate
    self.momentum = momentum
    self.trustCoefficient = trustCoefficient
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
    let μ = momentum.value(at: progress)
    let λ = weightDecay.value(at: progress)
    state.withVector("velocity", like: parameters) { velocity, _ in
      for block in evaluation.layout(of: parameters) {
        let gradient = block.piece(of: evaluation.gradient)
        let ratio = trust(block.piece(of: parameters).euclideanNorm(), gradient.euclideanNorm(), λ, block)
        velocity.withFlatPiece(from: block.offset, count: block.count) { v in
          parameters.withFlatPiece(from: block.offset, count: block.count) { w in
            Tensor.update(&w, &v, reading: gradient) { w, v, g in
              v = μ * v + ratio * g.decayed(by: λ, of: w)
              w -= η * v
            }
          }
        }
      }
    }
    state.step += 1
  }

  /// The trust ratio r.
  private func trust(_ weight: Double, _ gradient: Double, _ λ: Double, _ block: ParameterBlock) -> Double {
    guard weight > 0, gradient > 0, scalesVectors || block.isMatrix else { return 1 }
    return trustCoefficient * weight / (gradient + λ * weight + epsilon)
  }
}
