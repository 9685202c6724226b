import AviaryCore
import AviaryLayers
import AviaryRegistry
import AviaryTraining

/// A network that reproduces its inputs from a code in its middle: dense layers to the code, and as many back.
///
/// h = f(x·W + c), z = g(h·Wᵀ + b) with one hidden layer and tied weights. With a corruption the inputs that are
/// encoded are noisy, those to reproduce are not: a ``DenoisingAutoencoder``. (Hinton and Salakhutdinov: Reducing the
/// dimensionality of data with neural networks, 2006.)
public struct Autoencoder: EncodingModel, FieldGroup, Registrable {
  public static let name = "autoencoder"
  public static let card = Card(
    "Reproduces its inputs from a code in its middle, by dense layers there and back.",
    formula: "h = f(x·W + c),  z = g(h·Wᵀ + b),  loss(z, x)",
    references: ["Hinton, Salakhutdinov: Reducing the dimensionality of data with neural networks (2006)"],
    tags: ["unsupervised"])

  @Field("Units of the encoder's layers, the code's last; the decoder has them in reverse", .positive.nonEmpty)
  var units = [64]
  @Field(.activation, "Function f of the hidden units") var activation: any Activation = Sigmoid()
  @Field(.activation, "Function f of the code's units; by default that of the others")
  var codeActivation: (any Activation)?
  @Field(.activation, "Function g of the last layer; the identity for losses that take logits")
  var outputActivation: any Activation = Identity()
  @Field("Decodes by the encoder's weights, transposed; otherwise by weights of its own") var tied = true
  @Field(.initializer, "Draws all initial weights [in, out]; biases begin at zero")
  var weightInitializer: any Initializer = GlorotUniform()
  @Field(
    .loss, "How wrong a reconstruction is: sigmoid-cross-entropy for inputs from 0 to 1, mean-squared-error for any")
  var loss: any Loss = SigmoidCrossEntropy(reduction: .sum)
  @Field(.layer, "Layer without parameters that corrupts the inputs while training, such as masking-noise")
  var corruption: (any Layer)?

  private var chain: MirroredChain { MirroredChain(depth: units.count, loss: loss) }

  public init() {}

  /// An autoencoder. Throws `ConfigurationError` for values out of range.
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

  /// One, `"train"`, with the objective `reconstruction`.
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

  /// The outputs of the encoder's last layer.
  public func codes(_ model: Model, of inputs: Tensor) throws -> Tensor { try chain.codes(model, of: inputs) }

  /// The decoder's outputs, as the loss reads them.
  public func reconstructions(_ model: Model, from codes: Tensor) throws -> Tensor {
    try chain.reconstructions(model, from: codes)
  }
}
