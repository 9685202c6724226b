import AviaryCore
import AviaryData
import AviaryLayers
import AviaryOptimizers

/// An objective with gradients, by automatic differentiation or otherwise: a stage's optimizer follows them.
public protocol GradientObjective: Objective {
  /// What optimizers may ask of it beyond the gradient. Default: nothing.
  var offers: Set<Evaluation.Capability> { get }

  /// The objective and its gradients on a batch: a pure function of its arguments.
  ///
  /// - Parameters:
  ///   - model: the network with the parameters to evaluate at.
  ///   - trained: which parameters gradients are wanted for.
  ///   - batch: the examples.
  ///   - context: mode, randomness and progress of the step.
  ///   - state: what the objective remembers.
  /// - Returns: the objective's value, the gradients, and what the metrics need.
  /// - Throws: where outputs and targets do not fit, or something on the way has no derivative.
  func step(
    _ model: Model, _ trained: TrainedParameters, _ batch: Batch, _ context: Context, _ state: inout ObjectiveState
  ) throws -> ObjectiveStep

  /// The Hessian of the objective on a batch times a vector of the trained parameters' length. Only asked where it is offered.
  func hessianVectorProduct(
    _ vector: Tensor, _ model: Model, _ trained: TrainedParameters, _ batch: Batch, _ context: Context
  ) throws -> Tensor
}

extension GradientObjective {
  /// Nothing.
  public var offers: Set<Evaluation.Capability> { [] }

  /// Traps: not offered.
  public func hessianVectorProduct(
    _ vector: Tensor, _ model: Model, _ trained: TrainedParameters, _ batch: Batch, _ context: Context
  ) throws -> Tensor { trap("the objective offers no Hessian products") }
}

/// What an objective finds on one batch.
public struct ObjectiveStep: Sendable {
  /// The objective's value, penalties included: what the gradients are of.
  public var value: Double
  /// One vector of the trained parameters' gradients.
  public var gradient: Tensor
  /// What the metrics see of the batch.
  public var assessment: Assessment
  /// New values of the model's state, by the entry's index.
  public var stateUpdates: [Int: Tensor]

  /// What was found.
  public init(value: Double, gradient: Tensor, assessment: Assessment, stateUpdates: [Int: Tensor] = [:]) {
    self.value = value
    self.gradient = gradient
    self.assessment = assessment
    self.stateUpdates = stateUpdates
  }
}
