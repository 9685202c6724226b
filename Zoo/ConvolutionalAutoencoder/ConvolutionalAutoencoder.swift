import AviaryCore
import AviaryLayers
import AviaryRegistry
import AviaryTraining

/// A network that reconstructs images from a code in the middle: convolutions with a stride of 2, a dense code, and
/// transposed convolutions back.
///
///     encoder: h = f(x ∗ w) …, c = h·W + b
///     decoder: h′ = f(c·W′ + b′), z = g(h′ ∗ᵀ w′)
///
/// Where halving rounds up, the decoder crops its output. (Masci, Meier, Cireşan and Schmidhuber: Stacked convolutional
/// auto-encoders, 2011.)
public struct ConvolutionalAutoencoder: EncodingModel, FieldGroup, Registrable {
  public static let name = "convolutional-autoencoder"
  public static let card = Card(
    "Reconstructs images from a code in the middle: strided convolutions encode, transposed convolutions decode.",
    formula: "h = f(x ∗ w),  c = h·W + b;  decoder: h′ = f(c·W′ + b′),  z = g(h′ ∗ᵀ w′)",
    references: [
      "Masci, Meier, Cireşan, Schmidhuber: Stacked convolutional auto-encoders for hierarchical feature extraction (2011)"
    ],
    tags: ["unsupervised", "image"])

  @Field(
    "Filters of the convolutions, each of which halves height and width; the decoder mirrors them",
    .positive.nonEmpty)
  var filters = [16, 32]
  @Field("Height and width of the filters") var window: Size2D = 3
  @Field("Number of code units", .positive) var code = 32
  @Field(.activation, "Activation f of the hidden layers") var activation: any Activation = Relu()
  @Field(.activation, "Activation of the code") var codeActivation: any Activation = Identity()
  @Field(.activation, "Activation g of the output layer; identity for losses on logits")
  var outputActivation: any Activation = Identity()
  @Field(.initializer, "Initializer of all weights; biases start at 0")
  var weightInitializer: any Initializer = GlorotUniform()
  @Field(
    .loss, "Reconstruction loss: sigmoid-cross-entropy for inputs from 0 to 1, mean-squared-error for any")
  var loss: any Loss = SigmoidCrossEntropy(reduction: .sum)
  @Field(.layer, "Parameter-free layer that corrupts the inputs in training, such as masking-noise")
  var corruption: (any Layer)?

  /// The encoder and the decoder.
  private var chain: MirroredChain { MirroredChain(depth: 1, loss: loss) }

  public init() {}

  /// Throws `ConfigurationError` for values out of range.
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

  /// One stage, `"train"`, with the objective `reconstruction`.
  public var stages: [StageProposal] {
    get throws { [StageProposal("train", try .reconstructing(loss: loss, corruption: corruption))] }
  }

  /// The encoder, then the decoder, each a chain.
  public func network(for task: LearningTask) throws -> any Layer {
    let channels = try task.imageChannels(of: Self.name)
    // Height and width before each convolution and after the last.
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

  public func codes(_ model: Model, of inputs: Tensor) throws -> Tensor { try chain.codes(model, of: inputs) }

  /// The decoder's outputs as the loss interprets them.
  public func reconstructions(_ model: Model, from codes: Tensor) throws -> Tensor {
    try chain.reconstructions(model, from: codes)
  }
}
