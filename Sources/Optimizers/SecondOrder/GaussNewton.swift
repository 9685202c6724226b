import AviaryCore
import AviaryRegistry

/// The Gauss–Newton method: it linearizes the outputs in the parameters and steps to the minimum of the resulting
/// quadratic model of the loss, with damping (Levenberg, Marquardt), in a trust region, or without control.
///
///     p ≈ −(G + λ·I)⁻¹·g,  G = JᵀHJ
///     θ ← θ + p if the loss decreases
///
/// J is the Jacobian of the outputs with respect to the parameters, and H the Hessian of the loss with respect to the
/// outputs. Conjugate gradients solve for p with products of G and vectors. If the loss is convex, G is positive
/// semidefinite, so that every step descends.
///
/// For smooth problems with the whole training set as one batch, and objectives that know their model's outputs. A
/// product costs about as much as three gradients. State: the numbers `radius` and `damping`.
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

  /// Throws `ConfigurationError` for values out of range.
  public init(
    control: StepControl = .damping, radius: Double = 1, greatestRadius: Double = 100, damping: Double = 1,
    products: Int = 100, tolerance: Double = 0.5
  ) throws {
    model = QuadraticModel(control)
    (model.radius, model.greatestRadius, model.damping) = (radius, greatestRadius, damping)
    (model.products, model.tolerance) = (products, tolerance)
    self = try checked()
  }

  /// Products with the Gauss–Newton matrix, and the loss here and at other points.
  public var needs: Set<Evaluation.Capability> { [.gaussNewtonProducts, .loss, .otherPoints] }
  /// True, because a step goes to the minimum for the rows of its batch.
  public var needsFullBatches: Bool { true }

  public func update(
    _ parameters: inout Tensor, state: inout OptimizerState, from evaluation: Evaluation
  ) throws {
    try model.update(&parameters, state: &state, from: evaluation) { try evaluation.gaussNewtonProduct($0) }
  }
}
