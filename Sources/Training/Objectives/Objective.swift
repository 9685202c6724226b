import AviaryCore
import AviaryData
import AviaryLayers
import AviaryRegistry

/// What a stage makes small: a ``GradientObjective``, which an optimizer follows, or a ``FittingObjective``, which finds
/// the parameters itself.
///
/// An objective is a value; what it remembers between steps (such as the chains of persistent contrastive divergence) is in
/// an ``ObjectiveState`` that the trainer keeps, saves and restores.
public protocol Objective: Sendable {
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

  /// Checks what it remembered by a checkpoint, whose names, shapes and types are right already, so that nothing in a file is
  /// believed. Default: nothing is wrong.
  ///
  /// - Parameters:
  ///   - memory: what it goes on with.
  ///   - part: the model, or the layer of it that the stage trains.
  /// - Throws: what it cannot have remembered.
  func check(_ memory: ObjectiveState, _ part: Model) throws

  /// The loss of the best constant prediction, which ignores the inputs: a useful training gets below it. Default: nil,
  /// there is none.
  func constantLoss(_ part: Model, on rows: DataSet) throws -> Double?

  /// What it measures of a batch beside loss and predictions: the names of ``Assessment/measures``. Default: nothing.
  var measures: [String] { get }

  /// What it takes whole-number targets of a file for; nil where it needs no targets. Default: automatic, which leaves it
  /// to the file.
  var targetKind: TargetKind? { get }
}

extension Objective {
  /// Nothing.
  public var measures: [String] { [] }

  /// The file says.
  public var targetKind: TargetKind? { .automatic }

  /// There is none.
  public func constantLoss(_ part: Model, on rows: DataSet) throws -> Double? { nil }

  /// Nothing is wrong.
  public func check(_ stage: Stage, _ part: Model, _ data: PreparedData) throws {}

  /// Nothing is wrong.
  public func check(_ memory: ObjectiveState, _ part: Model) throws {}

  /// Measures a batch in inference.
  public func assess(_ model: Model, _ batch: Batch) throws -> Assessment {
    try assess(model, batch, Context(.inference))
  }
}

/// What an objective remembers between steps: part of a checkpoint.
public struct ObjectiveState: Sendable, Equatable {
  /// Tensors by name.
  public var tensors: [String: Tensor] = [:]

  /// Nothing yet.
  public init() {}
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
