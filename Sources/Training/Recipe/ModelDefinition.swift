import AviaryCore
import AviaryData
import AviaryLayers
import AviaryRegistry

/// A kind of model, configured but not yet built: what the zoo registers by name.
///
/// ```swift
/// let definition = try registries.make(.model, "mlp", ["units": [128, 32]])
/// let model = try definition.built(for: .image(36, 36, 1), classes: 5, seed: 1)
/// ```
public protocol ModelDefinition: Sendable {
  /// The network for a task. Throws ``ModelError`` where the model cannot do it.
  func network(for task: LearningTask) throws -> any Layer

  /// How the model trains, in order: stages by name, with the settings in which they differ from ``StageSettings``.
  /// A recipe lays its own settings over these. Throws where they name something that is not registered. Default: one
  /// stage `"train"`.
  var stages: [StageProposal] { get throws }

  /// Prepares the parameters for a stage that begins, such as those of a decoder for what the encoder has learned: a pure
  /// function of its arguments. Default: changes nothing.
  func begin(_ stage: String, _ model: inout Model) throws

  /// What the model takes whole-number targets of a file for. Default: automatic, which leaves it to the stages'
  /// objectives, and these to the file.
  var targetKind: TargetKind { get }
}

/// A model that draws examples of its own.
public protocol GenerativeModel: ModelDefinition {
  /// Draws examples.
  ///
  /// - Parameters:
  ///   - model: the trained model.
  ///   - count: how many.
  ///   - start: where the chains begin: inputs of the model, `count` of them; nil begins at random.
  ///   - steps: how long each chain runs before it is looked at.
  ///   - random: the random numbers.
  /// - Returns: [count] + the model's input shape.
  /// - Throws: where the model cannot.
  func samples(_ model: Model, count: Int, from start: Tensor?, steps: Int, random: RandomSource) throws -> Tensor
}

/// A model that is a probability distribution of its inputs.
public protocol LikelihoodModel: ModelDefinition {
  /// The mean log-likelihood of the rows of several sets.
  ///
  /// - Parameters:
  ///   - model: the trained model.
  ///   - sets: what is measured; the first is what the model was trained on, from which an estimate may set out.
  ///   - temperatures: how finely a normalizing constant is estimated where it cannot be computed.
  ///   - random: the random numbers of an estimate.
  /// - Returns: one for each set.
  /// - Throws: ``ModelError`` where the model has no likelihood that could be computed or estimated.
  func logLikelihoods(
    _ model: Model, of sets: [DataSet], temperatures: Int, random: RandomSource
  ) throws -> [LogLikelihood]
}

/// The mean log-likelihood of a set's rows, in natural units.
public struct LogLikelihood: Sendable, Equatable {
  /// The mean of log p.
  public var value: Double
  /// Where it is estimated: the interval in which it lies by three standard errors. nil where it is exact.
  public var interval: ClosedRange<Double>?

  /// An exact value, or an estimate with its interval.
  public init(_ value: Double, interval: ClosedRange<Double>? = nil) {
    self.value = value
    self.interval = interval
  }
}

/// A model that gives its inputs back from what it has made of them.
public protocol ReconstructingModel: ModelDefinition {
  /// The reconstructions of a batch, shaped as the inputs.
  func reconstructions(_ model: Model, of inputs: Tensor) throws -> Tensor
}

/// What a model is to do: the shapes at both ends.
public struct LearningTask: Sendable, Hashable {
  /// The shape of one input.
  public var input: Shape
  /// How many classes to tell apart; nil where the targets are values or there are none.
  public var classes: Int?
  /// The shape of one target value; nil for labels.
  public var target: Shape?

  /// A task.
  public init(input: Shape, classes: Int? = nil, target: Shape? = nil) {
    self.input = input
    self.classes = classes
    self.target = target
  }
}

/// A stage that a model proposes: its name, and settings laid over the defaults.
public struct StageProposal: Sendable {
  /// Unique in the model: `"pretrain-1"`.
  public var name: String
  /// Keys of ``StageSettings``.
  public var settings: ConfigurationObject

  /// A proposal.
  public init(_ name: String, _ settings: ConfigurationObject = [:]) {
    self.name = name
    self.settings = settings
  }
}

extension ModelDefinition {
  /// One stage, `"train"`, with the default settings.
  public var stages: [StageProposal] { [StageProposal("train")] }

  /// Changes nothing.
  public func begin(_ stage: String, _ model: inout Model) throws {}

  /// The objectives say.
  public var targetKind: TargetKind { .automatic }

  /// The model, with initial values drawn from a seed.
  public func built(
    for input: Shape, classes: Int? = nil, dtype: DType = .float32, seed: UInt64
  ) throws -> Model {
    try built(for: LearningTask(input: input, classes: classes), dtype: dtype, seed: seed)
  }

  /// The model for a task, with initial values drawn from a seed.
  public func built(for task: LearningTask, dtype: DType = .float32, seed: UInt64) throws -> Model {
    try Model(network(for: task), input: task.input, dtype: dtype, seed: seed)
  }
}

extension Kind where Product == any ModelDefinition {
  /// Models, by name.
  public static var model: Self { Kind("model") }
}

extension Registrable where Self: ModelDefinition {
  /// A model.
  public static var kind: Kind<any ModelDefinition> { .model }
  /// The definition itself.
  public func product() -> any ModelDefinition { self }
}

/// A task that a model cannot do, and why.
public struct ModelError: Error, Hashable, CustomStringConvertible {
  /// What is wrong, and the remedy.
  public let description: String

  /// An error of a model.
  public init(_ description: String) { self.description = description }
}
