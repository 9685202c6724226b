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
  public struct Convolution: ConfigurationFields {
    /// How many output channels.
    public var channels = 48
    /// How many linear pieces of each.
    public var pieces = 2
    /// The filters' height and width.
    public var window: Size2D = 8
    /// How borders are treated.
    public var padding = Window2D.Padding.valid
    /// The pooling's window; 1 for none.
    public var pool: Size2D = 2
    /// The pooling's steps; its window's size unless given.
    public var poolStrides: Size2D?
    /// How the pooling treats borders.
    public var poolPadding = Window2D.Padding.valid
    /// The greatest norm of a piece's filter.
    public var maxNorm: Double?

    /// 48 channels of two 8×8 filters.
    public init() {}
  }

  /// The model's configuration.
  public struct Configuration: ConfigurationFields {
    /// The convolutions before the dense layers.
    public var convolutions: [Convolution] = []
    /// The widths of the dense layers of maxout units.
    public var units = [240, 240]
    /// How many linear pieces each dense unit has.
    public var pieces = 5
    /// The greatest norm of a piece's weights, in dense layers and the output.
    public var maxNorm: Double? = 1.9365
    /// The share of inputs that is dropped.
    public var inputDropout = 0.2
    /// What the other inputs are multiplied by while training.
    public var inputScale: Double? = 1
    /// The share of hidden units that is dropped.
    public var dropout = 0.5
    /// What the other hidden units are multiplied by while training.
    public var dropoutScale: Double?
    /// All weights at the beginning.
    public var weightInitializer = Specification("uniform", ["range": 0.005])

    /// The paper's network for MNIST without its geometry.
    public init() {}
  }

  /// `"maxout"`.
  public static let name = "maxout"
  /// What is worth knowing.
  public static let card = Card(
    "A network of maxout units with dropout and bounded norms, dense or convolutional.",
    formula: "hᵢ = maxⱼ (x·Wᵢⱼ + bᵢⱼ), …, p = softmax(h·W + b)",
    fields: [
      "convolutions":
        "Maxout convolutions before the dense layers: channels, pieces, window, padding, pool (1 for none), poolStrides, poolPadding, maxNorm.",
      "units": "The widths of the dense layers of maxout units, each at least 1; may be empty.",
      "pieces": "How many linear pieces each dense unit is the greatest of, at least 1.",
      "maxNorm": "The greatest norm of a piece's weights in dense layers and the output, above 0; null bounds nothing.",
      "inputDropout": "The share of inputs that is dropped while training, in [0, 1).",
      "inputScale": "What the other inputs are multiplied by while training, above 0; null for 1 / (1 − inputDropout).",
      "dropout": "The share of hidden units that is dropped while training, in [0, 1).",
      "dropoutScale":
        "What the other hidden units are multiplied by while training, above 0; 1 / (1 − dropout) unless given.",
      "weightInitializer": "Draws all initial weights; biases begin as zero.",
    ],
    references: ["Goodfellow, Warde-Farley, Mirza, Courville, Bengio: Maxout networks (2013), arXiv:1302.4389"],
    tags: ["classifier", "image"])

  let convolutions: [Convolution]
  let units: [Int]
  let pieces: Int
  let maxNorm: Double?
  let inputDropout: Dropout?
  let dropout: Dropout?
  let weight: any Initializer

  /// Checks the configuration and makes what it names.
  public init(_ configuration: Configuration, in registries: Registries) throws {
    convolutions = configuration.convolutions
    for (index, convolution) in convolutions.enumerated() {
      func path(_ field: String) -> ConfigurationPath { [.key("convolutions"), .index(index), .key(field)] }
      try Check.positive(convolution.channels, path("channels"))
      try Check.value(convolution.pieces, in: MaxoutNetwork.pieces, path("pieces"))
      if let norm = convolution.maxNorm { try Check.positive(norm, path("maxNorm")) }
    }
    units = try Check.widths(configuration.units, "units")
    pieces = try Check.value(configuration.pieces, in: MaxoutNetwork.pieces, "pieces")
    maxNorm = try configuration.maxNorm.map { try Check.positive($0, "maxNorm") }
    inputDropout = try MaxoutNetwork.dropout(
      configuration.inputDropout, "inputDropout", configuration.inputScale, "inputScale")
    dropout = try MaxoutNetwork.dropout(configuration.dropout, "dropout", configuration.dropoutScale, "dropoutScale")
    weight = try registries.make(.initializer, configuration.weightInitializer)
  }

  private static let pieces = 1...65_536

  /// A dropout; none where nothing is dropped.
  private static func dropout(
    _ rate: Double, _ rateField: ConfigurationPath, _ scale: Double?, _ scaleField: ConfigurationPath
  ) throws -> Dropout? {
    try Check.value(rate, in: 0..<1, rateField)
    if let scale { try Check.positive(scale, scaleField) }
    return rate > 0 ? Dropout(rate, scale: scale) : nil
  }

  /// Labels: it tells classes apart.
  public var targetKind: TargetKind { .labels }

  /// Dropout, convolutions with pooling, dense layers.
  public func network(for task: LearningTask) throws -> any Layer {
    let classes = try task.classCount(of: Self.name)
    if !convolutions.isEmpty { _ = try task.imageChannels(of: Self.name) }
    let bound = maxNorm.map { MaxNorm($0) }
    return Sequential {
      if let inputDropout { inputDropout }
      for convolution in convolutions {
        MaxoutConv2D(
          convolution.channels, pieces: convolution.pieces, window: convolution.window, padding: convolution.padding,
          weightInitializer: weight, weightConstraint: convolution.maxNorm.map { MaxNorm($0) })
        if convolution.pool != 1 {
          MaxPool2D(convolution.pool, strides: convolution.poolStrides, padding: convolution.poolPadding)
        }
        if let dropout { dropout }
      }
      for width in units {
        Maxout(width, pieces: pieces, weightInitializer: weight, weightConstraint: bound)
        if let dropout { dropout }
      }
      Dense(classes, weightInitializer: weight, weightConstraint: bound)
    }
  }
}
