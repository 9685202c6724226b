import AviaryCore
import AviaryData
import AviaryLayers
import AviaryOptimizers
import AviaryRegistry

/// What a stage makes small: gives gradients for a batch, by automatic differentiation or otherwise.
///
/// An objective is a value; what it remembers between steps (such as the chains of persistent contrastive divergence) is in
/// an ``ObjectiveState`` that the trainer keeps, saves and restores.
public protocol Objective: Sendable {
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

  /// Measures a batch without training: a pure function of its arguments. The context's mode is inference, or Monte
  /// Carlo inference.
  func assess(_ model: Model, _ batch: Batch, _ context: Context) throws -> Assessment

  /// Checks the objective's place before the training begins. Default: nothing is wrong.
  ///
  /// - Parameters:
  ///   - stage: the stage that the objective is of.
  ///   - part: the model, or the layer of it that the stage trains.
  ///   - data: what is trained on.
  /// - Throws: what is wrong: outputs that do not fit the task, an optimizer that the objective is not for.
  func check(_ stage: Stage, _ part: Model, _ data: PreparedData) throws

  /// What it measures of a batch beside loss and predictions: the names of ``Assessment/measures``. Default: nothing.
  var measures: [String] { get }

  /// What it takes whole-number targets of a file for; nil where it needs no targets. Default: automatic, which leaves it
  /// to the file.
  var targetKind: TargetKind? { get }
}

extension Objective {
  /// Nothing.
  public var offers: Set<Evaluation.Capability> { [] }

  /// Nothing.
  public var measures: [String] { [] }

  /// The file says.
  public var targetKind: TargetKind? { .automatic }

  /// Nothing is wrong.
  public func check(_ stage: Stage, _ part: Model, _ data: PreparedData) throws {}

  /// Measures a batch in inference.
  public func assess(_ model: Model, _ batch: Batch) throws -> Assessment {
    try assess(model, batch, Context(.inference))
  }

  /// Traps: not offered.
  public func hessianVectorProduct(
    _ vector: Tensor, _ model: Model, _ trained: TrainedParameters, _ batch: Batch, _ context: Context
  ) throws -> Tensor { trap("the objective offers no Hessian products") }
}

/// What an objective remembers between steps: part of a checkpoint.
public struct ObjectiveState: Sendable, Equatable {
  /// Tensors by name.
  public var tensors: [String: Tensor] = [:]

  /// Nothing yet.
  public init() {}
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

/// What metrics see of a batch.
public struct Assessment: Sendable {
  /// The mean loss of the rows, without penalties.
  public var loss: Double
  /// How many rows.
  public var count: Int
  /// The model's predictions, [count, …]; nil where it makes none. Computed when they are asked for: a training without
  /// metrics needs none.
  public var predictions: Tensor? { predict() }
  /// What they should have been: labels [count] or values.
  public var targets: Tensor?
  /// Further means over the rows, by the names of ``Objective/measures``.
  public var measures: [String: Double]
  private let predict: @Sendable () -> Tensor?

  /// An assessment.
  public init(
    loss: Double, count: Int, predictions: @escaping @autoclosure @Sendable () -> Tensor? = nil,
    targets: Tensor? = nil, measures: [String: Double] = [:]
  ) {
    self.loss = loss
    self.count = count
    predict = predictions
    self.targets = targets
    self.measures = measures
  }
}

extension Kind where Product == any Objective {
  /// Objectives, by name.
  public static var objective: Self { Kind("objective") }
}

extension Registrable where Self: Objective {
  /// An objective.
  public static var kind: Kind<any Objective> { .objective }
  /// The objective itself.
  public func product() -> any Objective { self }
}
