import AviaryCore
import AviaryData
import AviaryLayers
import AviaryRegistry
import AviaryTraining

/// A convolutional network: blocks of convolution and pooling, then dense layers.
public struct CNN: ModelDefinition, Registrable {
  /// A convolution and the pooling after it.
  public struct Block: FieldGroup {
    @Field("Number of filters", .positive) var filters = 16
    @Field("Height and width of the filters") var window: Size2D = 3
    @Field("Padding at the borders: same or valid") var padding = Window2D.Padding.same
    @Field("Window and stride of the max pooling; 1 for none") var pool: Size2D = 2

    public init() {}

    /// Traps if `filters` is less than 1.
    public init(_ filters: Int, window: Size2D = 3, padding: Window2D.Padding = .same, pool: Size2D = 2) {
      self.filters = filters
      self.window = window
      self.padding = padding
      self.pool = pool
      self = required()
    }
  }

  public static let name = "cnn"
  public static let card = Card(
    "A convolutional network for images: blocks of convolution and max pooling, then dense layers.",
    formula: "h₁ = pool f(x ∗ w₁ + b₁), …, p = softmax(hₖ·W + b)",
    references: ["LeCun, Bottou, Bengio, Haffner: Gradient-based learning applied to document recognition (1998)"],
    tags: ["classifier", "image"])

  @Field("Convolution and pooling: filters, window, padding (same or valid), pool (1 for none)") var blocks = [Block()]
  @Field("Widths of the hidden dense layers", .positive) var units = [64]
  @Field(.activation, "Activation f of convolutions and hidden dense layers")
  var activation: any Activation = Relu()
  @Field("Dropout rate of hidden dense units", .in(0..<1)) var dropout = 0.0
  /// For the convolutions, the dense layers, and the output.
  var initializers = LayerInitializers(weights: HeUniform())

  public init() {}

  /// Throws `ConfigurationError` for values out of range.
  public init(
    blocks: [Block] = [Block()], units: [Int] = [64], activation: any Activation = Relu(), dropout: Double = 0,
    weightInitializers: [any Initializer] = [HeUniform()], biasInitializers: [any Initializer] = [Zeros()]
  ) throws {
    self.blocks = blocks
    self.units = units
    self.activation = activation
    self.dropout = dropout
    initializers.weightInitializers = weightInitializers
    initializers.biasInitializers = biasInitializers
    self = try checked()
  }

  public func validate() throws { try initializers.check(layers: blocks.count + units.count + 1) }

  public var targetKind: TargetKind { .labels }

  public func network(for task: LearningTask) throws -> any Layer {
    let classes = try task.classCount(of: Self.name)
    _ = try task.imageChannels(of: Self.name)
    return Sequential {
      for (index, block) in blocks.enumerated() {
        Conv2D(
          block.filters, window: block.window, padding: block.padding, activation: activation,
          weightInitializer: initializers.weightInitializers.ofLayer(index),
          biasInitializer: initializers.biasInitializers.ofLayer(index))
        if block.pool != 1 { MaxPool2D(block.pool) }
      }
      Flatten()
      for (index, width) in units.enumerated() {
        dense(blocks.count + index, width, activation: activation)
        if dropout > 0 { Dropout(dropout) }
      }
      dense(blocks.count + units.count, classes)
    }
  }

  private func dense(_ place: Int, _ width: Int, activation: any Activation = Identity()) -> Dense {
    Dense(
      width, activation: activation, weightInitializer: initializers.weightInitializers.ofLayer(place),
      biasInitializer: initializers.biasInitializers.ofLayer(place))
  }
}
