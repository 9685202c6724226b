import AviaryCore
import AviaryRegistry

/// Newton's method: the step to the minimum of the quadratic model that gradient and Hessian make, kept in a trust region,
/// damped, or plain.
///
/// p ≈ −H⁻¹·g by conjugate gradients on products with the Hessian, which is never formed;  θ ← θ + p where the loss falls.
/// The trust region follows directions without positive curvature to its edge, and so leaves saddle points; the plain method
/// goes to them.
///
/// For smooth problems with the whole training set as one batch; a product costs about as much as two gradients.
/// State: `radius`, `damping`, numbers.
public struct Newton: Optimizer, Registrable {
  public static let name = "newton"
  public static let card = Card(
    "Newton's method by Hessian products, in a trust region or damped; for full batches.",
    formula: "θ ← θ + p,  H·p ≈ −g,  ‖p‖ ≤ Δ",
    references: [
      "Steihaug: The conjugate gradient method and trust regions in large scale optimization (1983)",
      "Nocedal, Wright: Numerical optimization (2006), algorithms 4.1 and 7.2",
    ])

  var model = QuadraticModel()

  public init() {}

  /// Newton's method. Throws `ConfigurationError` for values out of range.
  public init(
    control: StepControl = .trustRegion, radius: Double = 1, greatestRadius: Double = 100, damping: Double = 1,
    products: Int = 100, tolerance: Double = 0.5
  ) throws {
    model = QuadraticModel(control)
    (model.radius, model.greatestRadius, model.damping) = (radius, greatestRadius, damping)
    (model.products, model.tolerance) = (products, tolerance)
    self = try checked()
  }

  /// Products with the Hessian, and the loss here and elsewhere.
  public var needs: Set<Evaluation.Capability> { [.hessianVectorProducts, .loss, .otherPoints] }
  /// A step as long as Newton's goes to the minimum of the rows that it has seen.
  public var needsFullBatches: Bool { true }

  /// One step.
  public func update(
    _ parameters: inout Tensor, state: inout OptimizerState, from evaluation: Evaluation
  ) throws {
    try model.update(&parameters, state: &state, from: evaluation) { try evaluation.hessianVectorProduct($0) }
  }
}
