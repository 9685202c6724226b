import AviaryCore
import AviaryData
import AviaryLayers
import AviaryRegistry
import AviaryTraining

/// A network of maxout units, each the maximum of several linear pieces, trained with dropout and max-norm constraints;
/// maxout convolutions with max pooling may precede the dense layers.
///
/// Dropout follows the paper: it drops a fifth of the inputs without scaling the rest, and half of the hidden units,
/// doubling the rest. (Goodfellow, Warde-Farley, Mirza, Courville and Bengio: Maxout networks, 2013.)
public struct MaxoutNetwork: ModelDefinition, Registrable {
  /// A maxout convolution and the pooling after it.
  public struct Convolution: FieldGroup {
    @Field("Number of output channels", .positive) var channels = 48
    @Field("Number of linear pieces per channel", .in(1...65_536)) var pieces = 2
    @Field("Height and width of the filters") var window: Size2D = 8
    @Field("Padding of the convolution: same or valid") var padding = Window2D.Padding.valid
    @Field("Window of the pooling; 1 for none") var pool: Size2D = 2
    @Field("Strides of the pooling; by default its window") var poolStrides: Size2D?
    @Field("Padding of the pooling: same or valid") var poolPadding = Window2D.Padding.valid
    @Field("Maximum norm of a piece's filter", .positive) var maxNorm: Double?

    public init() {}

    /// Traps on values out of range.
    public init(
      _ channels: Int, pieces: Int = 2, window: Size2D = 8, padding: Window2D.Padding = .valid, pool: Size2D = 2,
      poolStrides: Size2D? = nil, poolPadding: Window2D.Padding = .valid, maxNorm: Double? = nil
    ) {
      self.channels = channels
      self.pieces = pieces
      self.window = window
      self.padding = padding
      self.pool = pool
      self.poolStrides = poolStrides
      self.poolPadding = poolPadding
      self.maxNorm = maxNorm
      self = required()
    }
  }

  public static let name = "maxout"
  public static let card = Card(
    "A network of maxout units with dropout and max-norm constraints, dense or convolutional.",
    formula: "hᵢ = maxⱼ (x·Wᵢⱼ + bᵢⱼ), …, p = softmax(h·W + b)",
    references: ["Goodfellow, Warde-Farley, Mirza, Courville, Bengio: Maxout networks (2013), arXiv:1302.4389"],
    tags: ["classifier", "image"])

  @Field(
    "Maxout convolutions before the dense layers: channels, pieces, window, padding, pool (1 for none), poolStrides, poolPadding, "
      + "maxNorm")
  var convolutions: [Convolution] = []
  @Field("Widths of the dense maxout layers; may be empty", .positive) var units = [240, 240]
  @Field("Number of linear pieces per dense unit", .in(1...65_536)) var pieces = 5
  @Field("Maximum norm of a piece's weights in dense layers and the output; null for no bound", .positive)
  var maxNorm: Double? = 1.9365
  @Field("Dropout rate of inputs", .in(0..<1)) var inputDropout = 0.2
  @Field("Scale of the kept inputs in training; null for 1 / (1 − inputDropout)", .positive)
  var inputScale: Double? = 1
  @Field("Dropout rate of hidden units", .in(0..<1)) var dropout = 0.5
  @Field("Scale of the kept hidden units in training; null for 1 / (1 − dropout)", .positive)
  var dropoutScale: Double?
  @Field(.initializer, "Initializer of all weights; biases start at 0")
  var weightInitializer: any Initializer = Uniform(0.005)

  public init() {}

  /// Throws `ConfigurationError` for values out of range.
  public init(
    convolutions: [Convolution] = [], units: [Int] = [240, 240], pieces: Int = 5, maxNorm: Double? = 1.9365,
    inputDropout: Double = 0.2, inputScale: Double? = 1, dropout: Double = 0.5, dropoutScale: Double? = nil,
    weightInitializer: any Initializer = Uniform(0.005)
  ) throws {
    self.convolutions = convolutions
    self.units = units
    self.pieces = pieces
    self.maxNorm = maxNorm
    self.inputDropout = inputDropout
    self.inputScale = inputScale
    self.dropout = dropout
    self.dropoutScale = dropoutScale
    self.weightInitializer = weightInitializer
    self = try checked()
  }

  public var targetKind: TargetKind { .labels }

  public func network(for task: LearningTask) throws -> any Layer {
    let classes = try task.classCount(of: Self.name)
    if !convolutions.isEmpty { _ = try task.imageChannels(of: Self.name) }
    let bound = maxNorm.map { MaxNorm($0) }
    return Sequential {
      if inputDropout > 0 { Dropout(inputDropout, scale: inputScale) }
      for convolution in convolutions {
        MaxoutConv2D(
          convolution.channels, pieces: convolution.pieces, window: convolution.window, padding: convolution.padding,
          weightInitializer: weightInitializer, weightConstraint: convolution.maxNorm.map { MaxNorm($0) })
        if convolution.pool != 1 {
          MaxPool2D(convolution.pool, strides: convolution.poolStrides, padding: convolution.poolPadding)
        }
        if dropout > 0 { Dropout(dropout, scale: dropoutScale) }
      }
      for width in units {
        Maxout(width, pieces: pieces, weightInitializer: weightInitializer, weightConstraint: bound)
        if dropout > 0 { Dropout(dropout, scale: dropoutScale) }
      }
      Dense(classes, weightInitializer: weightInitializer, weightConstraint: bound)
    }
  }
}
