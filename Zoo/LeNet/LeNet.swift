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
  /// The model's configuration.
  public struct Configuration: ConfigurationFields {
    /// The convolutions with their poolings.
    public var blocks = LeNet.blocks
    /// The widths of the dense layers between the convolutions and the output.
    public var units = [500]
    /// After each pooling and hidden dense layer.
    public var activation: Specification = "tanh"

    /// 20 and 50 filters of 5×5 and 500 units.
    public init() {}
  }

  /// `"lenet"`.
  public static let name = "lenet"
  /// What is worth knowing.
  public static let card = Card(
    "LeNet as in the Theano tutorials: two convolutions with max pooling and tanh, a dense layer, the output.",
    formula: "h₁ = tanh(pool(x ∗ w₁) + b₁), …, p = softmax(hₖ·W + b)",
    fields: [
      "blocks": "Convolution and pooling: filters, window, padding (same or valid), pool (1 for none).",
      "units": "The widths of the dense layers between the convolutions and the output, each at least 1.",
      "activation": "The function after each pooling and hidden dense layer; one that never falls.",
    ],
    references: [
      "LeCun, Bottou, Bengio, Haffner: Gradient-based learning applied to document recognition (1998)",
      "Theano development team: Deep learning tutorials, convolutional neural networks (2010)",
    ],
    tags: ["classifier", "image"])

  private static let blocks: [CNN.Block] = [20, 50].map { filters in
    var block = CNN.Block()
    (block.filters, block.window, block.padding, block.pool) = (filters, 5, .valid, 2)
    return block
  }

  let blocks: [CNN.Block]
  let units: [Int]
  let activation: any Activation

  /// Checks the configuration and makes what it names.
  public init(_ configuration: Configuration, in registries: Registries) throws {
    blocks = try CNN.Block.checked(configuration.blocks, "blocks")
    units = try Check.widths(configuration.units, "units")
    activation = try registries.make(.activation, configuration.activation)
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
