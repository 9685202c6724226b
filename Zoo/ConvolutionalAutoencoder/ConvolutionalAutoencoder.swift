import AviaryCore
import AviaryLayers
import AviaryRegistry
import AviaryTraining

/// A network that reproduces images from a code in its middle: convolutions that halve the image each, a dense code, and
/// transposed convolutions back.
///
/// h = f(x ∗ w) with steps of 2, …, c = h·W + b; back f(c·W′ + b′) as an image, then transposed convolutions with steps
/// of 2. Where halving has rounded up, the way back cuts off what is too much. (Masci, Meier, Cireşan and Schmidhuber:
/// Stacked convolutional auto-encoders, 2011.)
public struct ConvolutionalAutoencoder: EncodingModel, FieldGroup, Registrable {
  public static let name = "convolutional-autoencoder"
  public static let card = Card(
    "Reproduces images from a code in its middle: convolutions that halve the image, and transposed ones back.",
    formula: "h = f(x ∗ w),  c = h·W + b;  back: h′ = f(c·W′ + b′),  z = g(h′ ∗ᵀ w′)",
    references: [
      "Masci, Meier, Cireşan, Schmidhuber: Stacked convolutional auto-encoders for hierarchical feature extraction (2011)"
    ],
    tags: ["unsupervised", "image"])

  @Field(
    "Filters of the convolutions, each of which halves height and width; the decoder has them in reverse",
    .positive.nonEmpty)
  var filters = [16, 32]
  @Field("Height and width of the convolutions' windows") var window: Size2D = 3
  @Field("Number of the code's units", .positive) var code = 32
  @Field(.activation, "Function f of the hidden units") var activation: any Activation = Relu()
  @Field(.activation, "Function of the code's units") var codeActivation: any Activation = Identity()
  @Field(.activation, "Function g of the last layer; the identity for losses that take logits")
  var outputActivation: any Activation = Identity()
  @Field(.initializer, "Draws all initial weights; biases begin at zero")
  var weightInitializer: any Initializer = GlorotUniform()
  @Field(
    .loss, "How wrong a reconstruction is: sigmoid-cross-entropy for inputs from 0 to 1, mean-squared-error for any")
  var loss: any Loss = SigmoidCrossEntropy(reduction: .sum)
  @Field(.layer, "Layer without parameters that corrupts the inputs while training, such as masking-noise")
  var corruption: (any Layer)?

  /// The encoder and the decoder.
  private var chain: MirroredChain { MirroredChain(depth: 1, loss: loss) }

  public init() {}

  /// An autoencoder. Throws `ConfigurationError` for values out of range.
  public init(
    filters: [Int] = [16, 32], window: Size2D = 3, code: Int = 32, activation: any Activation = Relu(),
    codeActivation: any Activation = Identity(), outputActivation: any Activation = Identity(),
    weightInitializer: any Initializer = GlorotUniform(), loss: any Loss = SigmoidCrossEntropy(reduction: .sum),
    corruption: (any Layer)? = nil
  ) throws {
    self.filters = filters
    self.window = window
    self.code = code
    self.activation = activation
    self.codeActivation = codeActivation
    self.outputActivation = outputActivation
    self.weightInitializer = weightInitializer
    self.loss = loss
    self.corruption = corruption
    self = try checked()
  }

  /// One, `"train"`, with the objective `reconstruction`.
  public var stages: [StageProposal] {
    get throws { [StageProposal("train", try .reconstructing(loss: loss, corruption: corruption))] }
  }

  /// The encoder, then the decoder, each a chain of its own.
  public func network(for task: LearningTask) throws -> any Layer {
    let channels = try task.imageChannels(of: Self.name)
    // Height and width before each convolution, and after the last one.
    let sizes = filters.reduce(into: [(height: task.input[0], width: task.input[1])]) { sizes, _ in
      let last = sizes[sizes.count - 1]
      sizes.append(((last.height + 1) / 2, (last.width + 1) / 2))
    }
    return Sequential {
      Sequential {
        for count in filters {
          Conv2D(
            count, window: window, strides: 2, padding: .same, activation: activation,
            weightInitializer: weightInitializer)
        }
        Dense(code, activation: codeActivation, weightInitializer: weightInitializer)
      }
      decoder(channels, sizes)
    }
  }

  private func decoder(_ channels: Int, _ sizes: [(height: Int, width: Int)]) -> Sequential {
    let (last, maps) = (sizes[filters.count], filters[filters.count - 1])
    return Sequential {
      Dense(last.height * last.width * maps, activation: activation, weightInitializer: weightInitializer)
      Reshape([last.height, last.width, maps])
      for place in filters.indices.reversed() {
        Conv2DTransposed(
          place == 0 ? channels : filters[place - 1], window: window, strides: 2, padding: .same,
          activation: place == 0 ? outputActivation : activation, weightInitializer: weightInitializer)
        let (rows, columns) = (sizes[place].height % 2, sizes[place].width % 2)
        if rows + columns > 0 { Crop2D(Margins2D(top: 0, bottom: rows, left: 0, right: columns)) }
      }
    }
  }

  /// The outputs of the encoder.
  public func codes(_ model: Model, of inputs: Tensor) throws -> Tensor { try chain.codes(model, of: inputs) }

  /// The decoder's outputs, as the loss reads them.
  public func reconstructions(_ model: Model, from codes: Tensor) throws -> Tensor {
    try chain.reconstructions(model, from: codes)
  }
}
