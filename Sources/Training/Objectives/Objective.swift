import AviaryCore
import AviaryData
import AviaryLayers
import AviaryRegistry

/// What a stage minimizes: a ``GradientObjective``, which an optimizer follows, or a ``FittingObjective``, which
/// computes the parameters itself.
///
/// An objective is a value. Its state between steps (such as the chains of persistent contrastive divergence) is an
/// ``ObjectiveState`` that the trainer keeps, saves and restores.
public protocol Objective: Sendable {
  /// Evaluates a batch without training, in inference or Monte Carlo inference. A pure function of its arguments.
  func assess(_ model: Model, _ batch: Batch, _ context: Context) throws -> Assessment

  /// Evaluates a batch that may continue the previous one. Default: ``assess(_:_:_:)``, which ignores the state.
  func assess(_ model: Model, _ batch: Batch, _ context: Context, _ state: inout ObjectiveState) throws -> Assessment

  /// Checks the objective against its stage before the training begins. Default: accepts everything.
  ///
  /// - Parameters:
  ///   - stage: the objective's stage.
  ///   - part: the model, or the layer of it that the stage trains.
  ///   - data: the training data.
  /// - Throws: if the outputs do not fit the task, or the optimizer does not fit the objective.
  func check(_ stage: Stage, _ part: Model, _ data: PreparedData) throws

  /// Checks the state restored from a checkpoint, whose names, shapes and types are already verified. Default: accepts
  /// everything.
  ///
  /// - Parameters:
  ///   - memory: the restored state.
  ///   - part: the model, or the layer of it that the stage trains.
  /// - Throws: if the state is impossible.
  func check(_ memory: ObjectiveState, _ part: Model) throws

  /// The loss of the best constant prediction, which ignores the inputs: a useful training gets below it. Default: nil,
  /// for none.
  func constantLoss(_ part: Model, on rows: DataSet) throws -> Double?

  /// The trained model's predictions of the targets, as metrics see them: probabilities from logits, or the outputs
  /// themselves (default). nil if the objective does not learn targets.
  ///
  /// - Parameters:
  ///   - part: the model, or the layer of it that the stage trains.
  ///   - inputs: [n] + the part's input shape.
  /// - Returns: [n, …].
  /// - Throws: ``ModelError`` if the model does not suit the objective.
  func predictions(_ part: Model, of inputs: Tensor) throws -> Tensor?

  /// Whether a classifier's predictions are probabilities of the classes. Default: false.
  var predictsProbabilities: Bool { get }

  /// The names of ``Assessment/measures``, which the objective measures besides loss and predictions. Default: none.
  var measures: [String] { get }

  /// Whether rows are consecutive pieces of sequences, each starting from the final state of the previous one. Batches
  /// then take the rows in tracks, unshuffled. Default: false.
  var carriesState: Bool { get }

  /// How to interpret integer targets of a file; nil if the objective needs no targets. Default: automatic, which
  /// leaves it to the file.
  var targetKind: TargetKind? { get }
}

extension Objective {
  public var measures: [String] { [] }

  /// Each batch by itself.
  public func assess(
    _ model: Model, _ batch: Batch, _ context: Context, _ state: inout ObjectiveState
  ) throws -> Assessment { try assess(model, batch, context) }

  /// Each row by itself.
  public var carriesState: Bool { false }

  public var targetKind: TargetKind? { .automatic }

  public func predictions(_ part: Model, of inputs: Tensor) throws -> Tensor? { try part.checkedOutputs(of: inputs) }

  public var predictsProbabilities: Bool { false }

  public func constantLoss(_ part: Model, on rows: DataSet) throws -> Double? { nil }

  public func check(_ stage: Stage, _ part: Model, _ data: PreparedData) throws {}

  public func check(_ memory: ObjectiveState, _ part: Model) throws {}

  /// Evaluates a batch in inference.
  public func assess(_ model: Model, _ batch: Batch) throws -> Assessment {
    try assess(model, batch, Context(.inference))
  }
}

/// The state of an objective between steps, saved in checkpoints.
public struct ObjectiveState: Sendable, Equatable {
  public var tensors: [String: Tensor] = [:]

  public init() {}
}

/// The inputs of the metrics for a batch.
public struct Assessment: Sendable {
  /// The mean loss of the rows, without penalties.
  public var loss: Double
  public var count: Int
  /// The model's predictions, [count, …], computed on demand, since a training without metrics needs none; nil if there
  /// are none.
  public var predictions: Tensor? { predict() }
  /// The targets of the predictions: labels [count] or values.
  public var targets: Tensor?
  /// The number of consecutive predictions that belong to each row, if steps have predictions of their own; nil for one
  /// per row.
  public var steps: [Int]?
  /// Further means over the rows, by the names in ``Objective/measures``.
  public var measures: [String: Double]
  private let predict: @Sendable () -> Tensor?

  public init(
    loss: Double, count: Int, predictions: @escaping @autoclosure @Sendable () -> Tensor? = nil,
    targets: Tensor? = nil, steps: [Int]? = nil, measures: [String: Double] = [:]
  ) {
    self.loss = loss
    self.count = count
    predict = predictions
    self.targets = targets
    self.steps = steps
    self.measures = measures
  }
}

extension Kind where Product == any Objective {
  /// The kind of objectives.
  public static var objective: Self { Kind("objective") }
}

extension Registrable where Self: Objective {
  public static var kind: Kind<any Objective> { .objective }
  public func product() -> any Objective { self }
}
