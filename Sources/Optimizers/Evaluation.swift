import AviaryCore

/// The problem as an optimizer sees it at one step: the gradient at the present parameters, and what else can be asked.
public struct Evaluation {
  /// What may be asked beyond the gradient.
  public enum Capability: String, Sendable, CaseIterable {
    /// The loss at the present parameters.
    case loss
    /// Loss and gradient at other parameters, on the same batch and with the same random numbers.
    case otherPoints
    /// Products of the Hessian at the present parameters with vectors.
    case hessianVectorProducts
    /// Which parameters the vector is made of. Every training knows it, whatever its objective.
    case layout
  }

  /// ∂loss/∂parameters, a vector as long as the parameters.
  public let gradient: Tensor
  /// The loss at the present parameters, where it is known.
  public let loss: Double?
  /// How far the training has come, where the caller keeps count; see ``progress(after:)``.
  public let progress: TrainingProgress?
  /// The parameters that the vector is made of, one after another; nil where the caller does not say.
  public let layout: [ParameterBlock]?
  let atPoint: ((Tensor) throws -> (loss: Double, gradient: Tensor))?
  let hessianProduct: ((Tensor) throws -> Tensor)?

  /// An evaluation. Without a progress the optimizer's own step count stands for it.
  public init(
    gradient: Tensor, loss: Double? = nil, progress: TrainingProgress? = nil, layout: [ParameterBlock]? = nil,
    at point: ((Tensor) throws -> (loss: Double, gradient: Tensor))? = nil,
    hessianVectorProduct: ((Tensor) throws -> Tensor)? = nil
  ) {
    self.gradient = gradient
    self.loss = loss
    self.progress = progress
    self.layout = layout
    atPoint = point
    hessianProduct = hessianVectorProduct
  }

  /// How far the training has come, for schedules: as the caller says, else as many steps as the optimizer has taken.
  public func progress(after state: OptimizerState) -> TrainingProgress {
    progress ?? TrainingProgress(step: state.step)
  }

  /// What this evaluation can answer.
  public var capabilities: Set<Capability> {
    var found: Set<Capability> = []
    if loss != nil { found.insert(.loss) }
    if atPoint != nil { found.insert(.otherPoints) }
    if hessianProduct != nil { found.insert(.hessianVectorProducts) }
    if layout != nil { found.insert(.layout) }
    return found
  }

  /// The parameters that a vector is made of; where the caller does not say, one that is the whole vector.
  func layout(of vector: Tensor) -> [ParameterBlock] {
    layout ?? [ParameterBlock("parameters", offset: 0, shape: vector.shape)]
  }

  /// Loss and gradient at other parameters. Traps where the evaluation cannot tell them.
  public func lossAndGradient(at parameters: Tensor, file: StaticString = #fileID, line: UInt = #line) throws -> (
    loss: Double, gradient: Tensor
  ) {
    guard let atPoint else { trap("the evaluation does not know other points; see Optimizer.needs", file, line) }
    return try atPoint(parameters)
  }

  /// The Hessian times a vector. Traps where the evaluation cannot tell it.
  public func hessianVectorProduct(_ vector: Tensor, file: StaticString = #fileID, line: UInt = #line) throws -> Tensor
  {
    guard let hessianProduct else {
      trap("the evaluation does not know Hessian products; see Optimizer.needs", file, line)
    }
    return try hessianProduct(vector)
  }
}
