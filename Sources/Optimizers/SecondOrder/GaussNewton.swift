import AviaryCore
import AviaryRegistry

/// The method of Gauss and Newton for a loss of outputs: the outputs are taken for linear in the parameters, and the step
/// goes to the minimum of the loss's quadratic model, damped (Levenberg, Marquardt), in a trust region, or plain.
///
/// p ≈ −(G + λ·I)⁻¹·g by conjugate gradients on products with G = JᵀHJ, J the derivative of the outputs by the parameters and
/// H the Hessian of the loss by the outputs;  θ ← θ + p where the loss falls. G is never indefinite where the loss is
/// convex, so that every step leads down.
///
/// For smooth problems with the whole training set as one batch, and objectives that know their model's outputs. A product
/// costs about as much as three gradients. State: `radius`, `damping`, numbers.
public struct GaussNewton: Optimizer, Registrable {
  public static let name = "gauss-newton"
  public static let card = Card(
    "The Gauss–Newton method by products with JᵀHJ, damped or in a trust region; for full batches.",
    formula: "θ ← θ + p,  (JᵀHJ + λ·I)·p ≈ −g",
    references: [
      "Marquardt: An algorithm for least-squares estimation of nonlinear parameters (1963)",
      "Schraudolph: Fast curvature matrix-vector products for second-order gradient descent (2002)",
      "Martens: Deep learning via Hessian-free optimization (2010)",
    ])

  var model = QuadraticModel(.damping)

  public init() {}

  /// The Gauss–Newton method. Throws `ConfigurationError` for values out of range.
  public init(
    control: StepControl = .damping, radius: Double = 1, greatestRadius: Double = 100, damping: Double = 1,
    products: Int = 100, tolerance: Double = 0.5
  ) throws {
    model = QuadraticModel(control)
    (model.radius, model.greatestRadius, model.damping) = (radius, greatestRadius, damping)
    (model.products, model.tolerance) = (products, tolerance)
    self = try checked()
  }

  /// Products with the Gauss–Newton matrix, and the loss here and elsewhere.
  public var needs: Set<Evaluation.Capability> { [.gaussNewtonProducts, .loss, .otherPoints] }
  /// A step as long as this goes to the minimum of the rows that it has seen.
  public var needsFullBatches: Bool { true }

  /// One step.
  public func update(
    _ parameters: inout Tensor, state: inout OptimizerState, from evaluation: Evaluation
  ) throws {
    try model.update(&parameters, state: &state, from: evaluation) { try evaluation.gaussNewtonProduct($0) }
  }
}
