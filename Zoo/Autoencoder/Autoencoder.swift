import AviaryCore
import AviaryLayers
import AviaryRegistry
import AviaryTraining

/// A network that reproduces its inputs from a code in its middle: dense layers to the code, and as many back.
///
/// h = f(x·W + c), z = g(h·Wᵀ + b) with one hidden layer and tied weights. With a corruption the inputs that are
/// encoded are noisy, those to reproduce are not: a ``DenoisingAutoencoder``. (Hinton and Salakhutdinov: Reducing the
/// dimensionality of data with neural networks, 2006.)
public struct Autoencoder: EncodingModel, Registrable {
  /// The model's configuration.
  public struct Configuration: ConfigurationFields {
    /// Units of the encoder's layers, the code's last.
    public var units = [64]
    /// f.
    public var activation: Specification = "sigmoid"
    /// f of the code; null takes that of the others.
    public var codeActivation: Specification?
    /// g of the last layer.
    public var outputActivation: Specification = "identity"
    /// Decodes by the encoder's weights, transposed.
    public var tied = true
    /// All weights at the beginning.
    public var weightInitializer: Specification = "glorot-uniform"
    /// How wrong a reconstruction is.
    public var loss = Specification("sigmoid-cross-entropy", ["reduction": "sum"])
    /// What becomes of the inputs while training.
    public var corruption: Specification?

    /// A code of 64 sigmoid units, tied weights, and the cross-entropy.
    public init() {}
  }

  /// `"autoencoder"`.
  public static let name = "autoencoder"
  /// What is worth knowing.
  public static let card = Card(
    "Reproduces its inputs from a code in its middle, by dense layers there and back.",
    formula: "h = f(x·W + c),  z = g(h·Wᵀ + b),  loss(z, x)", fields: fields,
    references: ["Hinton, Salakhutdinov: Reducing the dimensionality of data with neural networks (2006)"],
    tags: ["unsupervised"])

  static let fields = [
    "units": "Units of the encoder's layers, the code's last, each at least 1; the decoder has them in reverse.",
    "activation": "The function f of the hidden units.",
    "codeActivation": "The function f of the code's units; null takes that of the others.",
    "outputActivation": "The function g of the last layer; the identity for losses that take logits.",
    "tied": "Decodes by the encoder's weights, transposed; otherwise by weights of its own.",
    "weightInitializer": "Draws all initial weights [in, out]; biases begin at zero.",
    "loss": "How wrong a reconstruction is: sigmoid-cross-entropy for inputs from 0 to 1, mean-squared-error for any.",
    "corruption": "A layer without parameters that corrupts the inputs while training, such as masking-noise; or null.",
  ]

  let units: [Int]
  let activation: any Activation
  let codeActivation: any Activation
  let outputActivation: any Activation
  let isTied: Bool
  let weightInitializer: any Initializer
  private let chain: MirroredChain
  /// One, `"train"`, with the objective `reconstruction`.
  public let stages: [StageProposal]

  /// Checks the configuration and makes what it names.
  public init(_ configuration: Configuration, in registries: Registries) throws {
    units = try Check.widths(Check.nonEmpty(configuration.units, "units"), "units")
    activation = try registries.make(.activation, configuration.activation)
    codeActivation = try configuration.codeActivation.map { try registries.make(.activation, $0) } ?? activation
    outputActivation = try registries.make(.activation, configuration.outputActivation)
    isTied = configuration.tied
    weightInitializer = try registries.make(.initializer, configuration.weightInitializer)
    if let corruption = configuration.corruption { _ = try registries.make(.layer, corruption) }
    chain = MirroredChain(depth: units.count, loss: try registries.make(.loss, configuration.loss))
    stages = [
      StageProposal("train", .reconstructing(loss: configuration.loss, corruption: configuration.corruption))
    ]
  }

  /// Dense layers: the encoder's, then the decoder's.
  public func network(for task: LearningTask) throws -> any Layer {
    let widths = [task.input.elementCount] + units
    let last = units.count - 1
    return Sequential {
      for (place, width) in units.enumerated() {
        Dense(
          width, activation: place == last ? codeActivation : activation, weightInitializer: weightInitializer)
      }
      for place in units.indices.reversed() {
        Dense(
          widths[place], activation: place == 0 ? outputActivation : activation, weightInitializer: weightInitializer,
          tiedTo: isTied ? Sequential.name(of: Dense.name, at: place) + ".weight" : nil)
      }
    }
  }

  /// The outputs of the encoder's last layer.
  public func codes(_ model: Model, of inputs: Tensor) throws -> Tensor { try chain.codes(model, of: inputs) }

  /// The decoder's outputs, as the loss reads them.
  public func reconstructions(_ model: Model, from codes: Tensor) throws -> Tensor {
    try chain.reconstructions(model, from: codes)
  }
}
