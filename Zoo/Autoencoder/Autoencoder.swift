import AviaryCore
import AviaryLayers
import AviaryRegistry
import AviaryTraining

/// A network that reconstructs its inputs from a code in the middle: dense layers encode, and as many decode.
///
///     h = f(x·W + c),   z = g(h·Wᵀ + b)
///
/// with one hidden layer and tied weights. With a corruption, the network encodes noisy inputs and reconstructs the
/// clean ones: a ``DenoisingAutoencoder``. (Hinton and Salakhutdinov: Reducing the dimensionality of data with neural
/// networks, 2006.)
public struct Autoencoder: EncodingModel, FieldGroup, Registrable {
  public static let name = "autoencoder"
  public static let card = Card(
    "Reconstructs its inputs from a code in the middle: dense layers encode and decode.",
    formula: "h = f(x·W + c),  z = g(h·Wᵀ + b),  loss(z, x)",
    references: ["Hinton, Salakhutdinov: Reducing the dimensionality of data with neural networks (2006)"],
    tags: ["unsupervised"])

  @Field("Units of the encoder's layers, the last being the code; the decoder mirrors them", .positive.nonEmpty)
  var units = [64]
  @Field(.activation, "Activation f of the hidden layers") var activation: any Activation = Sigmoid()
  @Field(.activation, "Activation of the code; by default that of the hidden layers")
  var codeActivation: (any Activation)?
  @Field(.activation, "Activation g of the output layer; identity for losses on logits")
  var outputActivation: any Activation = Identity()
  @Field("Decodes with the encoder's transposed weights instead of separate ones") var tied = true
  @Field(.initializer, "Initializer of all weights [in, out]; biases start at 0")
  var weightInitializer: any Initializer = GlorotUniform()
  @Field(
    .loss, "Reconstruction loss: sigmoid-cross-entropy for inputs from 0 to 1, mean-squared-error for any")
  var loss: any Loss = SigmoidCrossEntropy(reduction: .sum)
  @Field(.layer, "Parameter-free layer that corrupts the inputs in training, such as masking-noise")
  var corruption: (any Layer)?

  private var chain: MirroredChain { MirroredChain(depth: units.count, loss: loss) }

  public init() {}

  /// Throws `ConfigurationError` for values out of range.
  public init(
    units: [Int] = [64], activation: any Activation = Sigmoid(), codeActivation: (any Activation)? = nil,
    outputActivation: any Activation = Identity(), tied: Bool = true,
    weightInitializer: any Initializer = GlorotUniform(), loss: any Loss = SigmoidCrossEntropy(reduction: .sum),
    corruption: (any Layer)? = nil
  ) throws {
    self.units = units
    self.activation = activation
    self.codeActivation = codeActivation
    self.outputActivation = outputActivation
    self.tied = tied
    self.weightInitializer = weightInitializer
    self.loss = loss
    self.corruption = corruption
    self = try checked()
  }

  /// One stage, `"train"`, with the objective `reconstruction`.
  public var stages: [StageProposal] {
    get throws { [StageProposal("train", try .reconstructing(loss: loss, corruption: corruption))] }
  }

  /// Dense layers: the encoder's, then the decoder's.
  public func network(for task: LearningTask) throws -> any Layer {
    let widths = [task.input.elementCount] + units
    let last = units.count - 1
    return Sequential {
      for (place, width) in units.enumerated() {
        Dense(
          width, activation: place == last ? codeActivation ?? activation : activation,
          weightInitializer: weightInitializer)
      }
      for place in units.indices.reversed() {
        Dense(
          widths[place], activation: place == 0 ? outputActivation : activation, weightInitializer: weightInitializer,
          tiedTo: tied ? Sequential.name(of: Dense.name, at: place) + ".weight" : nil)
      }
    }
  }

  public func codes(_ model: Model, of inputs: Tensor) throws -> Tensor { try chain.codes(model, of: inputs) }

  /// The decoder's outputs as the loss interprets them.
  public func reconstructions(_ model: Model, from codes: Tensor) throws -> Tensor {
    try chain.reconstructions(model, from: codes)
  }
}
