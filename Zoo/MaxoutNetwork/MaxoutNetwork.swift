import AviaryCore
import AviaryData
import AviaryLayers
import AviaryRegistry
import AviaryTraining

/// A network of maxout units, each the greatest of a few linear pieces, trained with dropout and bounded norms;
/// convolutions with max pooling may come before the dense layers.
///
/// Dropout as in the paper: of the inputs a fifth is dropped and the rest not scaled; of hidden units half, and the
/// rest doubled. (Goodfellow, Warde-Farley, Mirza, Courville and Bengio: Maxout networks, 2013.)
public struct MaxoutNetwork: ModelDefinition, Registrable {
  /// A convolution of maxout units, and the pooling after it.
  public struct Convolution: FieldGroup {
    @Field("Number of output channels", .positive) var channels = 48
    @Field("Number of linear pieces of each", .in(1...65_536)) var pieces = 2
    @Field("Height and width of the filters") var window: Size2D = 8
    @Field("How borders are treated") var padding = Window2D.Padding.valid
    @Field("Window of the pooling; 1 for none") var pool: Size2D = 2
    @Field("Steps of the pooling; by default the size of its window") var poolStrides: Size2D?
    @Field("How the pooling treats borders") var poolPadding = Window2D.Padding.valid
    @Field("Greatest norm of a piece's filter", .positive) var maxNorm: Double?

    public init() {}

    /// A convolution of maxout units, and its pooling. Traps on numbers out of range.
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
    "A network of maxout units with dropout and bounded norms, dense or convolutional.",
    formula: "hᵢ = maxⱼ (x·Wᵢⱼ + bᵢⱼ), …, p = softmax(h·W + b)",
    references: ["Goodfellow, Warde-Farley, Mirza, Courville, Bengio: Maxout networks (2013), arXiv:1302.4389"],
    tags: ["classifier", "image"])

  @Field(
    "Maxout convolutions before the dense layers: channels, pieces, window, padding, pool (1 for none), poolStrides, poolPadding, "
      + "maxNorm")
  var convolutions: [Convolution] = []
  @Field("Widths of the dense layers of maxout units; may be empty", .positive) var units = [240, 240]
  @Field("Number of linear pieces that each dense unit is the greatest of", .in(1...65_536)) var pieces = 5
  @Field("Greatest norm of a piece's weights in dense layers and the output; null bounds nothing", .positive)
  var maxNorm: Double? = 1.9365
  @Field("Share of inputs that is dropped while training", .in(0..<1)) var inputDropout = 0.2
  @Field("What the other inputs are multiplied by while training; null for 1 / (1 − inputDropout)", .positive)
  var inputScale: Double? = 1
  @Field("Share of hidden units that is dropped while training", .in(0..<1)) var dropout = 0.5
  @Field("What the other hidden units are multiplied by while training; null for 1 / (1 − dropout)", .positive)
  var dropoutScale: Double?
  @Field(.initializer, "Draws all initial weights; biases begin as zero")
  var weightInitializer: any Initializer = Uniform(0.005)

  public init() {}

  /// A maxout network. Throws `ConfigurationError` for values out of range.
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

  /// Labels: it tells classes apart.
  public var targetKind: TargetKind { .labels }

  /// Dropout, convolutions with pooling, dense layers.
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
