import AviaryCore

/// What an optimizer knows about the problem at one step: the gradient at the current parameters, and more on request.
public struct Evaluation {
  /// Information that an optimizer may need beyond the gradient.
  public enum Capability: String, Sendable, CaseIterable {
    /// The loss at the current parameters.
    case loss
    /// Loss and gradient at other parameters, on the same batch and with the same random numbers.
    case otherPoints
    /// Products of the Hessian at the current parameters with vectors.
    case hessianVectorProducts
    /// Products of the Gauss–Newton matrix JᵀHJ with vectors, where J is the Jacobian of the model's outputs and H the
    /// Hessian of the loss with respect to the outputs. The matrix is positive semidefinite if the loss is convex.
    case gaussNewtonProducts
    /// The absolute curvature |∂²loss/∂θᵢ²| of each parameter, or an estimate.
    case diagonalCurvature
    /// The layout of the vector in parameter tensors, which training always provides.
    case layout
  }

  /// The gradient ∂loss/∂parameters, a vector as long as the parameters.
  public let gradient: Tensor
  /// The loss at the current parameters, if known.
  public let loss: Double?
  /// The progress of the training, if the caller counts it; see ``progress(after:)``.
  public let progress: TrainingProgress?
  /// The parameter tensors in the vector, in order; nil if the caller does not say.
  public let layout: [ParameterBlock]?
  let atPoint: ((Tensor) throws -> (loss: Double, gradient: Tensor))?
  let hessianProduct: ((Tensor) throws -> Tensor)?
  let gaussNewton: ((Tensor) throws -> Tensor)?
  let curvature: (() throws -> Tensor)?

  /// Creates an evaluation. Without `progress`, the optimizer's own step count is used.
  public init(
    gradient: Tensor, loss: Double? = nil, progress: TrainingProgress? = nil, layout: [ParameterBlock]? = nil,
    at point: ((Tensor) throws -> (loss: Double, gradient: Tensor))? = nil,
    hessianVectorProduct: ((Tensor) throws -> Tensor)? = nil,
    gaussNewtonProduct: ((Tensor) throws -> Tensor)? = nil, diagonalCurvature: (() throws -> Tensor)? = nil
  ) {
    self.gradient = gradient
    self.loss = loss
    self.progress = progress
    self.layout = layout
    atPoint = point
    hessianProduct = hessianVectorProduct
    gaussNewton = gaussNewtonProduct
    curvature = diagonalCurvature
  }

  /// The progress of the training, for schedules: the caller's, otherwise the optimizer's own step count.
  public func progress(after state: OptimizerState) -> TrainingProgress {
    progress ?? TrainingProgress(step: state.step)
  }

  /// The capabilities of this evaluation.
  public var capabilities: Set<Capability> {
    var found: Set<Capability> = []
    if loss != nil { found.insert(.loss) }
    if atPoint != nil { found.insert(.otherPoints) }
    if hessianProduct != nil { found.insert(.hessianVectorProducts) }
    if gaussNewton != nil { found.insert(.gaussNewtonProducts) }
    if curvature != nil { found.insert(.diagonalCurvature) }
    if layout != nil { found.insert(.layout) }
    return found
  }

  /// The parameter tensors in a vector; a single one for the whole vector if the caller does not say.
  func layout(of vector: Tensor) -> [ParameterBlock] {
    layout ?? [ParameterBlock("parameters", offset: 0, shape: vector.shape)]
  }

  /// Loss and gradient at other parameters. Traps if the evaluation does not support it.
  public func lossAndGradient(at parameters: Tensor, file: StaticString = #fileID, line: UInt = #line) throws -> (
    loss: Double, gradient: Tensor
  ) {
    guard let atPoint else { trap("the evaluation cannot evaluate other points; see Optimizer.needs", file, line) }
    return try atPoint(parameters)
  }

  /// The Hessian times a vector. Traps if the evaluation does not support it.
  public func hessianVectorProduct(_ vector: Tensor, file: StaticString = #fileID, line: UInt = #line) throws -> Tensor
  {
    guard let hessianProduct else {
      trap("the evaluation has no Hessian–vector products; see Optimizer.needs", file, line)
    }
    return try hessianProduct(vector)
  }

  /// The Gauss–Newton matrix times a vector. Traps if the evaluation does not support it.
  public func gaussNewtonProduct(_ vector: Tensor, file: StaticString = #fileID, line: UInt = #line) throws -> Tensor {
    guard let gaussNewton else {
      trap("the evaluation has no Gauss–Newton products; see Optimizer.needs", file, line)
    }
    return try gaussNewton(vector)
  }

  /// The absolute curvature of each parameter. Traps if the evaluation does not support it.
  public func diagonalCurvature(file: StaticString = #fileID, line: UInt = #line) throws -> Tensor {
    guard let curvature else { trap("the evaluation has no curvature; see Optimizer.needs", file, line) }
    return try curvature()
  }
}
