import AviaryCore
import AviaryData
import AviaryLayers
import AviaryRegistry
import AviaryTraining

/// A convolutional network: blocks of convolution and pooling, then dense layers.
public struct CNN: ModelDefinition, Registrable {
  /// One convolution, and the pooling after it.
  public struct Block: ConfigurationFields {
    /// How many filters.
    public var filters = 16
    /// The window's height and width.
    public var window: Size2D = 3
    /// How borders are treated.
    public var padding = Window2D.Padding.same
    /// The window and the step of the max pooling after it; 1 for none.
    public var pool: Size2D = 2

    /// Sixteen 3×3 filters, and 2×2 pooling.
    public init() {}

    /// Blocks of at least one filter each.
    static func checked(_ blocks: [Block], _ field: String) throws -> [Block] {
      for (index, block) in blocks.enumerated() {
        try Check.positive(block.filters, ConfigurationPath([.key(field), .index(index), .key("filters")]))
      }
      return blocks
    }
  }

  /// The model's configuration.
  public struct Configuration: ConfigurationFields {
    /// The blocks.
    public var blocks = [Block()]
    /// The widths of the dense layers between the blocks and the output.
    public var units = [64]
    /// After each convolution and hidden dense layer.
    public var activation: Specification = "relu"
    /// The share of hidden dense units that dropout drops.
    public var dropout = 0.0
    /// One for all layers or one for each: convolutions, dense layers, output.
    public var weightInitializers: [Specification] = ["he-uniform"]
    /// One for all layers or one for each: convolutions, dense layers, output.
    public var biasInitializers: [Specification] = ["zeros"]

    /// One block and one dense layer.
    public init() {}
  }

  /// `"cnn"`.
  public static let name = "cnn"
  /// What is worth knowing.
  public static let card = Card(
    "A convolutional network for images: blocks of convolution and max pooling, then dense layers.",
    formula: "h₁ = pool f(x ∗ w₁ + b₁), …, p = softmax(hₖ·W + b)",
    fields: [
      "blocks": "Convolution and pooling: filters, window, padding (same or valid), pool (1 for none).",
      "units": "The widths of the dense layers between the blocks and the output, each at least 1.",
      "activation": "The function f after each convolution and hidden dense layer.",
      "dropout": "The share of hidden dense units that dropout drops while training, in [0, 1).",
      "weightInitializers":
        "Draws the initial weights: one for all, or one for each convolution, dense layer and the output.",
      "biasInitializers":
        "Draws the initial biases: one for all, or one for each convolution, dense layer and the output.",
    ],
    references: ["LeCun, Bottou, Bengio, Haffner: Gradient-based learning applied to document recognition (1998)"],
    tags: ["classifier", "image"])

  let blocks: [Block]
  let units: [Int]
  let activation: any Activation
  let dropout: Double
  let weights: [any Initializer]
  let biases: [any Initializer]

  /// Checks the configuration and makes what it names.
  public init(_ configuration: Configuration, in registries: Registries) throws {
    blocks = try Block.checked(configuration.blocks, "blocks")
    units = try Check.widths(configuration.units, "units")
    activation = try registries.make(.activation, configuration.activation)
    dropout = try Check.value(configuration.dropout, in: 0..<1, "dropout")
    let layers = blocks.count + units.count + 1
    weights = try registries.perLayer(
      .initializer, configuration.weightInitializers, count: layers, "weightInitializers")
    biases = try registries.perLayer(
      .initializer, configuration.biasInitializers, count: layers, "biasInitializers")
  }

  /// Labels: it tells classes apart.
  public var targetKind: TargetKind { .labels }

  /// Blocks, dense layers, dropout.
  public func network(for task: LearningTask) throws -> any Layer {
    let classes = try task.classCount(of: Self.name)
    _ = try task.imageChannels(of: Self.name)
    return Sequential {
      for (index, block) in blocks.enumerated() {
        Conv2D(
          block.filters, window: block.window, padding: block.padding, activation: activation,
          weightInitializer: weights[index], biasInitializer: biases[index])
        if block.pool != 1 { MaxPool2D(block.pool) }
      }
      Flatten()
      for (index, width) in units.enumerated() {
        dense(blocks.count + index).layer(width, activation: activation)
        if dropout > 0 { Dropout(dropout) }
      }
      dense(blocks.count + units.count).layer(classes)
    }
  }

  private func dense(_ place: Int) -> DenseTemplate {
    DenseTemplate(weight: weights[place], bias: biases[place])
  }
}
