import AviaryCore
import AviaryData
import AviaryLayers
import AviaryRegistry
import AviaryTraining

/// LeNet as in the Theano tutorials: convolutions, each with max pooling and tanh, then dense layers.
///
/// The tutorials add the bias and apply the activation after pooling. As both are monotonic, the result is the same if
/// the convolution adds the bias here; the activation, the expensive part, stays after pooling, where there are a
/// quarter of the positions. The weights of a convolution from m maps to k filters of area a with pooling of area p are
/// uniform in ±√(6 / (m·a + k·a/p)), those of dense layers follow Glorot; biases and output weights start at 0.
public struct LeNet: ModelDefinition, Registrable {
  public static let name = "lenet"
  public static let card = Card(
    "LeNet as in the Theano tutorials: two convolutions with max pooling and tanh, a dense layer, the output.",
    formula: "h₁ = tanh(pool(x ∗ w₁) + b₁), …, p = softmax(hₖ·W + b)",
    references: [
      "LeCun, Bottou, Bengio, Haffner: Gradient-based learning applied to document recognition (1998)",
      "Theano development team: Deep learning tutorials, convolutional neural networks (2010)",
    ],
    tags: ["classifier", "image"])

  @Field("Convolution and pooling: filters, window, padding (same or valid), pool (1 for none)")
  var blocks = [CNN.Block(20, window: 5, padding: .valid), CNN.Block(50, window: 5, padding: .valid)]
  @Field("Widths of the hidden dense layers", .positive) var units = [500]
  @Field(.activation, "Activation after each pooling and hidden dense layer; must be non-decreasing")
  var activation: any Activation = Tanh()

  public init() {}

  /// Throws `ConfigurationError` for values out of range.
  public init(
    blocks: [CNN.Block] = [CNN.Block(20, window: 5, padding: .valid), CNN.Block(50, window: 5, padding: .valid)],
    units: [Int] = [500], activation: any Activation = Tanh()
  ) throws {
    self.blocks = blocks
    self.units = units
    self.activation = activation
    self = try checked()
  }

  public var targetKind: TargetKind { .labels }

  public func network(for task: LearningTask) throws -> any Layer {
    let classes = try task.classCount(of: Self.name)
    let maps = try task.imageChannels(of: Self.name)
    return Sequential {
      for (block, maps) in zip(blocks, [maps] + blocks.map(\.filters)) {
        Conv2D(
          block.filters, window: block.window, padding: block.padding,
          weightInitializer: Uniform(LeNet.range(block, maps: maps)))
        if block.pool != 1 { MaxPool2D(block.pool) }
        ActivationLayer(activation)
      }
      Flatten()
      for width in units { Dense(width, activation: activation) }
      Dense(classes, weightInitializer: Zeros())
    }
  }

  /// The bound of a block's initial weights, given its number of input maps.
  private static func range(_ block: CNN.Block, maps: Int) -> Double {
    let area = Double(block.window.height * block.window.width)
    let outputs = Double(block.filters) * area / Double(block.pool.height * block.pool.width)
    return (6 / (Double(maps) * area + outputs.rounded(.down))).squareRoot()
  }
}
