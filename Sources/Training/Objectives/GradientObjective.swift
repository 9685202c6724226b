import AviaryCore
import AviaryData
import AviaryLayers
import AviaryOptimizers

/// An objective with gradients, by automatic differentiation or otherwise, for an optimizer to follow.
public protocol GradientObjective: Objective {
  /// What it offers to optimizers beyond the gradient. Default: nothing.
  var offers: Set<Evaluation.Capability> { get }

  /// Whether the objective keeps the parameters' constraints itself, so that no update projects onto them. Default:
  /// false.
  var enforcesConstraints: Bool { get }

  /// The objective and its gradients on a batch. A pure function of its arguments.
  ///
  /// - Parameters:
  ///   - model: the network with the parameters to evaluate at.
  ///   - trained: the parameters to differentiate with respect to.
  ///   - batch: the examples.
  ///   - context: mode, randomness and progress of the step.
  ///   - state: the objective's state between steps.
  /// - Returns: the objective's value, the gradients, and the inputs of the metrics.
  /// - Throws: if outputs and targets do not fit, or an operation has no derivative.
  func step(
    _ model: Model, _ trained: TrainedParameters, _ batch: Batch, _ context: Context, _ state: inout ObjectiveState
  ) throws -> ObjectiveStep

  /// The objective's Hessian on a batch times a vector of the trained parameters' length. Called only if offered.
  func hessianVectorProduct(
    _ vector: Tensor, _ model: Model, _ trained: TrainedParameters, _ batch: Batch, _ context: Context
  ) throws -> Tensor

  /// The objective's Gauss–Newton matrix on a batch times a vector. Called only if offered.
  func gaussNewtonProduct(
    _ vector: Tensor, _ model: Model, _ trained: TrainedParameters, _ batch: Batch, _ context: Context
  ) throws -> Tensor

  /// The absolute curvature of the objective on a batch for each trained parameter, or an estimate that depends on the
  /// context's randomness. Called only if offered.
  func diagonalCurvature(
    _ model: Model, _ trained: TrainedParameters, _ batch: Batch, _ context: Context
  ) throws -> Tensor
}

extension GradientObjective {
  public var offers: Set<Evaluation.Capability> { [] }

  public var enforcesConstraints: Bool { false }

  /// Traps, because it is not offered.
  public func hessianVectorProduct(
    _ vector: Tensor, _ model: Model, _ trained: TrainedParameters, _ batch: Batch, _ context: Context
  ) throws -> Tensor { trap("the objective does not offer Hessian products") }

  /// Traps, because it is not offered.
  public func gaussNewtonProduct(
    _ vector: Tensor, _ model: Model, _ trained: TrainedParameters, _ batch: Batch, _ context: Context
  ) throws -> Tensor { trap("the objective does not offer Gauss–Newton products") }

  /// Traps, because it is not offered.
  public func diagonalCurvature(
    _ model: Model, _ trained: TrainedParameters, _ batch: Batch, _ context: Context
  ) throws -> Tensor { trap("the objective does not offer the curvature") }
}

/// The result of an objective on a batch.
public struct ObjectiveStep: Sendable {
  /// The objective's value, including the penalties.
  public var value: Double
  /// The trained parameters' gradients as one vector.
  public var gradient: Tensor
  /// The inputs of the metrics.
  public var assessment: Assessment
  /// New values of the model's state by entry index.
  public var stateUpdates: [Int: Tensor]

  public init(value: Double, gradient: Tensor, assessment: Assessment, stateUpdates: [Int: Tensor] = [:]) {
    self.value = value
    self.gradient = gradient
    self.assessment = assessment
    self.stateUpdates = stateUpdates
  }
}
