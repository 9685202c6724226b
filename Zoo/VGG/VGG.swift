import AviaryCore
import AviaryData
import AviaryLayers
import AviaryRegistry
import AviaryTraining

/// A VGG network: blocks of a few small convolutions and max pooling, then dense layers.
///
/// Two 3×3 convolutions cover the same area as one 5×5 convolution, with fewer weights and one more activation. The
/// published network A has `blocks` of 64, 128, 256, 512 and 512 filters with 1, 1, 2, 2 and 2 convolutions and two
/// dense layers of 4096 units, without normalization.
public struct VGG: ModelDefinition, Registrable {
  /// A few convolutions and max pooling by 2.
  public struct Block: FieldGroup {
    @Field("Number of filters per convolution", .positive) var filters = 16
    @Field("Number of convolutions", .in(1...100)) var convolutions = 2

    public init() {}

    /// Traps if a number is less than 1.
    public init(_ filters: Int, convolutions: Int = 2) {
      self.filters = filters
      self.convolutions = convolutions
      self = required()
    }
  }

  public static let name = "vgg"
  public static let card = Card(
    "A deep convolutional network for images: blocks of 3×3 convolutions and max pooling, then dense layers.",
    formula: "h₁ = pool f(f(x ∗ w₁ + b₁) ∗ w₂ + b₂), …, p = softmax(hₖ·W + b)",
    references: [
      "Simonyan, Zisserman: Very deep convolutional networks for large-scale image recognition (2014), arXiv:1409.1556"
    ],
    tags: ["classifier", "image"])

  @Field("Convolutions and pooling by 2: filters, convolutions") var blocks = [Block(16), Block(32)]
  @Field("Widths of the hidden dense layers", .positive) var units = [64]
  @Field(.layer, "Normalization between each convolution and its activation, such as batch-norm; null for none")
  var normalization: (any Layer)?
  @Field(.activation, "Activation f of convolutions and hidden dense layers")
  var activation: any Activation = Relu()
  @Field("Dropout rate of hidden dense units", .in(0..<1)) var dropout = 0.5
  @Field(.initializer, "Initializer of all weights but those of the output, which are Glorot-uniform")
  var weightInitializer: any Initializer = HeUniform()

  public init() {}

  /// Throws `ConfigurationError` for values out of range.
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

  public var targetKind: TargetKind { .labels }

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
