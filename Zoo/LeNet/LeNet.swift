import AviaryCore
import AviaryData
import AviaryLayers
import AviaryRegistry
import AviaryTraining

/// LeNet in the form of the Theano tutorials: convolutions, each with max pooling and tanh, then dense layers.
///
/// The bias and the activation come after the pooling there; as both grow with their input, the bias is added by the
/// convolution here and the activation, which is the expensive part, is left where it has a quarter of the places. The
/// weights of a convolution from m maps to k filters of an area a and pooling of an area p are drawn evenly from ±√(6 /
/// (m·a + k·a/p)), those of dense layers by Glorot's rule; biases and the output's weights begin as zero.
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
  @Field("Widths of the dense layers between the convolutions and the output", .positive) var units = [500]
  @Field(.activation, "Function after each pooling and hidden dense layer; one that never falls")
  var activation: any Activation = Tanh()

  public init() {}

  /// LeNet. Throws `ConfigurationError` for values out of range.
  public init(
    blocks: [CNN.Block] = [CNN.Block(20, window: 5, padding: .valid), CNN.Block(50, window: 5, padding: .valid)],
    units: [Int] = [500], activation: any Activation = Tanh()
  ) throws {
    self.blocks = blocks
    self.units = units
    self.activation = activation
    self = try checked()
  }

  /// Labels: it tells classes apart.
  public var targetKind: TargetKind { .labels }

  /// Convolutions with pooling, dense layers.
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

  /// The greatest initial weight of a block's convolution over so many maps.
  private static func range(_ block: CNN.Block, maps: Int) -> Double {
    let area = Double(block.window.height * block.window.width)
    let outputs = Double(block.filters) * area / Double(block.pool.height * block.pool.width)
    return (6 / (Double(maps) * area + outputs.rounded(.down))).squareRoot()
  }
}
