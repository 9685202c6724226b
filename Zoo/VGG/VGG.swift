import AviaryCore
import AviaryData
import AviaryLayers
import AviaryRegistry
import AviaryTraining

/// A VGG network: blocks of a few small convolutions and a max pooling, then dense layers.
///
/// Two convolutions of 3×3 see as much of an image as one of 5×5, with fewer weights and one more function between them.
/// The published network A is `blocks` of 64, 128, 256, 512 and 512 filters with 1, 1, 2, 2 and 2 convolutions and two
/// dense layers of 4096 units, without normalization.
public struct VGG: ModelDefinition, Registrable {
  /// A few convolutions, and the pooling by 2 after them.
  public struct Block: FieldGroup {
    @Field("Number of filters of each convolution", .positive) var filters = 16
    @Field("Number of convolutions", .in(1...100)) var convolutions = 2

    public init() {}

    /// So many convolutions of so many filters. Traps on less than one.
    public init(_ filters: Int, convolutions: Int = 2) {
      self.filters = filters
      self.convolutions = convolutions
      self = required()
    }
  }

  public static let name = "vgg"
  public static let card = Card(
    "A deep convolutional network for images: blocks of convolutions of 3×3 and max pooling, then dense layers.",
    formula: "h₁ = pool f(f(x ∗ w₁ + b₁) ∗ w₂ + b₂), …, p = softmax(hₖ·W + b)",
    references: [
      "Simonyan, Zisserman: Very deep convolutional networks for large-scale image recognition (2014), arXiv:1409.1556"
    ],
    tags: ["classifier", "image"])

  @Field("Convolutions and pooling by 2: filters, convolutions") var blocks = [Block(16), Block(32)]
  @Field("Widths of the dense layers between the blocks and the output", .positive) var units = [64]
  @Field(.layer, "Normalization of each convolution's results before the function, such as batch-norm; null for none")
  var normalization: (any Layer)?
  @Field(.activation, "Function f after each convolution and hidden dense layer")
  var activation: any Activation = Relu()
  @Field("Share of hidden dense units that dropout drops while training", .in(0..<1)) var dropout = 0.5
  @Field(.initializer, "Draws the initial weights but those of the output, which follow Glorot's rule")
  var weightInitializer: any Initializer = HeUniform()

  public init() {}

  /// A VGG network. Throws `ConfigurationError` for values out of range.
  public init(
    blocks: [Block] = [Block(16), Block(32)], units: [Int] = [64], normalization: (any Layer)? = nil,
    activation: any Activation = Relu(), dropout: Double = 0.5, weightInitializer: any Initializer = HeUniform()
  ) throws {
    self.blocks = blocks
    self.units = units
    self.normalization = normalization
    self.activation = activation
    self.dropout = dropout
    self.weightInitializer = weightInitializer
    self = try checked()
  }

  /// Labels: it tells classes apart.
  public var targetKind: TargetKind { .labels }

  /// Blocks, dense layers, dropout.
  public func network(for task: LearningTask) throws -> any Layer {
    let classes = try task.classCount(of: Self.name)
    _ = try task.imageChannels(of: Self.name)
    return Sequential {
      for block in blocks {
        for _ in 0..<block.convolutions {
          Conv2D(
            block.filters, window: 3, padding: .same, bias: normalization == nil, weightInitializer: weightInitializer)
          if let normalization { normalization }
          ActivationLayer(activation)
        }
        MaxPool2D(2)
      }
      Flatten()
      for width in units {
        Dense(width, activation: activation, weightInitializer: weightInitializer)
        if dropout > 0 { Dropout(dropout) }
      }
      Dense(classes)
    }
  }
}
