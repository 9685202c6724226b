import AviaryCore
import AviaryData
import AviaryLayers
import AviaryRegistry

/// A configured model that is not yet built: what the zoo registers by name.
///
/// ```swift
/// let definition = try registries.make(.model, "mlp", ["units": [128, 32]])
/// let model = try definition.built(for: .image(36, 36, 1), classes: 5, seed: 1)
/// ```
public protocol ModelDefinition: Sendable {
  /// The network for a task. Throws ``ModelError`` if the model does not fit the task.
  func network(for task: LearningTask) throws -> any Layer

  /// The stages of the model's training in order, with the settings that differ from ``StageSettings``. A recipe
  /// overlays its own settings. Throws if they name something unregistered. Default: one stage `"train"`.
  var stages: [StageProposal] { get throws }

  /// Prepares the parameters for the beginning of a stage, for example the decoder for what the encoder has learned. A
  /// pure function of its arguments. Default: changes nothing.
  func begin(_ stage: String, _ model: inout Model) throws

  /// How to interpret integer targets of a file. Default: automatic, which leaves it to the stages' objectives, and
  /// then to the file.
  var targetKind: TargetKind { get }
}

/// A model that generates samples.
public protocol GenerativeModel: ModelDefinition {
  /// Draws samples.
  ///
  /// - Parameters:
  ///   - model: the trained model.
  ///   - count: the number of samples.
  ///   - start: `count` inputs of the model to start the chains from; nil starts at random.
  ///   - steps: the length of each chain.
  ///   - random: the random numbers.
  /// - Returns: [count] + the model's input shape.
  /// - Throws: if the model cannot draw samples.
  func samples(_ model: Model, count: Int, from start: Tensor?, steps: Int, random: RandomSource) throws -> Tensor
}

/// A model of the probability distribution of its inputs.
public protocol LikelihoodModel: ModelDefinition {
  /// The mean log-likelihood of the rows of several sets.
  ///
  /// - Parameters:
  ///   - model: the trained model.
  ///   - sets: the sets to evaluate; the first is the training set, which an estimate may start from.
  ///   - temperatures: the number of temperatures for estimating an intractable normalizing constant.
  ///   - random: the random numbers of an estimate.
  /// - Returns: one per set.
  /// - Throws: ``ModelError`` if the likelihood can be neither computed nor estimated.
  func logLikelihoods(
    _ model: Model, of sets: [DataSet], temperatures: Int, random: RandomSource
  ) throws -> [LogLikelihood]
}

/// The mean log-likelihood of a set's rows, in nats.
public struct LogLikelihood: Sendable, Equatable {
  /// The mean of log p.
  public var value: Double
  /// For an estimate, its interval of ±3 standard errors; nil for an exact value.
  public var interval: ClosedRange<Double>?

  /// An exact value, or an estimate with its interval.
  public init(_ value: Double, interval: ClosedRange<Double>? = nil) {
    self.value = value
    self.interval = interval
  }
}

/// A model that reconstructs its inputs.
public protocol ReconstructingModel: ModelDefinition {
  /// The reconstructions of a batch, shaped like the inputs.
  func reconstructions(_ model: Model, of inputs: Tensor) throws -> Tensor
}

/// The task of a model: the shapes of inputs and targets.
public struct LearningTask: Sendable, Hashable {
  public var input: Shape
  /// Whether inputs are sequences [steps, …] of different lengths.
  public var stepsVary = false
  /// The number of symbols if inputs are integers that stand for symbols; nil for other inputs.
  public var symbols: Int?
  /// The further inputs, by name.
  public var furtherInputs: [String: InputShape] = [:]
  /// The number of classes; nil if the targets are values or there are none.
  public var classes: Int?
  /// Whether each step of a sequence has a label, rather than the sequence as a whole.
  public var labelsSteps = false
  /// The shape of one target value; nil for labels.
  public var target: Shape?

  public init(input: Shape, classes: Int? = nil, target: Shape? = nil) {
    self.input = input
    self.classes = classes
    self.target = target
  }

  /// The task of a data set.
  public init(_ set: DataSet, classes: Int?) {
    input = set.inputShape
    stepsVary = set.lengths != nil
    symbols = set.symbols?.count
    furtherInputs = set.furtherInputs.mapValues {
      InputShape($0.values.shape.removing(axis: 0), stepsVary: $0.lengths != nil, symbols: $0.symbols?.count)
    }
    self.classes = set.labels == nil ? nil : classes
    labelsSteps = set.labels?.rank == 2
    target = set.labels == nil ? set.targets.map { $0.shape.removing(axis: 0) } : nil
  }
}

/// A stage proposed by a model: its name, and settings that overlay the defaults.
public struct StageProposal: Sendable {
  /// Unique in the model, such as `"pretrain-1"`.
  public var name: String
  /// Keys of ``StageSettings``.
  public var settings: ConfigurationObject

  public init(_ name: String, _ settings: ConfigurationObject = [:]) {
    self.name = name
    self.settings = settings
  }
}

extension ModelDefinition {
  /// One stage, `"train"`, with default settings.
  public var stages: [StageProposal] { [StageProposal("train")] }

  public func begin(_ stage: String, _ model: inout Model) throws {}

  /// Left to the objectives.
  public var targetKind: TargetKind { .automatic }

  /// The model, with initial values drawn from a seed.
  public func built(
    for input: Shape, classes: Int? = nil, dtype: DType = .float32, seed: UInt64
  ) throws -> Model {
    try built(for: LearningTask(input: input, classes: classes), dtype: dtype, seed: seed)
  }

  /// The model for a task, with initial values drawn from a seed.
  public func built(for task: LearningTask, dtype: DType = .float32, seed: UInt64) throws -> Model {
    try Model(plan(for: task, dtype: dtype, seed: seed))
  }

  /// The plan of the model for a task, without parameters.
  func plan(for task: LearningTask, dtype: DType, seed: UInt64) throws -> ModelPlan {
    try ModelPlan(
      network(for: task), input: InputShape(task.input, stepsVary: task.stepsVary), furtherInputs: task.furtherInputs,
      dtype: dtype, seed: seed)
  }
}

extension Kind where Product == any ModelDefinition {
  /// The kind of models.
  public static var model: Self { Kind("model") }
}

extension Registrable where Self: ModelDefinition {
  public static var kind: Kind<any ModelDefinition> { .model }
  public func product() -> any ModelDefinition { self }
}

/// Why a model does not fit a task.
public struct ModelError: Error, Hashable, CustomStringConvertible {
  /// The problem and the remedy.
  public let description: String

  public init(_ description: String) { self.description = description }
}
