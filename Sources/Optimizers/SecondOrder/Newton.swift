import AviaryCore
import AviaryRegistry

/// Newton's method: steps to the minimum of the quadratic model given by gradient and Hessian, in a trust region, with
/// damping, or without control.
///
///     p ≈ −H⁻¹·g
///     θ ← θ + p if the loss decreases
///
/// Conjugate gradients solve for p with Hessian–vector products; the Hessian is never formed. The trust region follows
/// directions of nonpositive curvature to its boundary, and so escapes saddle points, which attract the method without
/// control.
///
/// For smooth problems with the whole training set as one batch. A product costs about as much as two gradients. State:
/// the numbers `radius` and `damping`.
public struct Newton: Optimizer, Registrable {
  public static let name = "newton"
  public static let card = Card(
    "Newton's method with Hessian–vector products, in a trust region or damped; for full batches.",
    formula: "θ ← θ + p,  H·p ≈ −g,  ‖p‖ ≤ Δ",
    references: [
      "Steihaug: The conjugate gradient method and trust regions in large scale optimization (1983)",
      "Nocedal, Wright: Numerical optimization (2006), algorithms 4.1 and 7.2",
    ])

  var model = QuadraticModel()

  public init() {}

  /// Throws `ConfigurationError` for values out of range.
  public init(
    control: StepControl = .trustRegion, radius: Double = 1, greatestRadius: Double = 100, damping: Double = 1,
    products: Int = 100, tolerance: Double = 0.5
  ) throws {
    model = QuadraticModel(control)
    (model.radius, model.greatestRadius, model.damping) = (radius, greatestRadius, damping)
    (model.products, model.tolerance) = (products, tolerance)
    self = try checked()
  }

  /// Products with the Hessian, and the loss here and at other points.
  public var needs: Set<Evaluation.Capability> { [.hessianVectorProducts, .loss, .otherPoints] }
  /// True, because a step goes to the minimum for the rows of its batch.
  public var needsFullBatches: Bool { true }

  public func update(
    _ parameters: inout Tensor, state: inout OptimizerState, from evaluation: Evaluation
  ) throws {
    try model.update(&parameters, state: &state, from: evaluation) { try evaluation.hessianVectorProduct($0) }
  }
}
