import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// A convolution whose channels are the greatest of a few linear pieces each, place by place:
/// y[i, j, o] = maxₖ (b[o, k] + Σ x[i·s + p, j·s + q, c] · W[p, q, c, o, k]), k = 1 … pieces.
///
/// Shapes: input [height, width, in], weight [window height, window width, in, channels·pieces], bias
/// [channels·pieces], the pieces of a channel side by side, output [height′, width′, channels] as of ``Conv2D``. A
/// constraint such as ``MaxNorm`` acts on the kernel of each piece. The paper's pooling over places is ``MaxPool2D``
/// after it. (Goodfellow, Warde-Farley, Mirza, Courville and Bengio: Maxout networks, 2013.)
public struct MaxoutConv2D: Layer, Registrable {
  /// The layer's configuration.
  public struct Configuration: ConfigurationFields {
    /// How many output channels.
    public var channels = 1
    /// How many linear pieces of each.
    public var pieces = 2
    /// Height and width of the filters.
    public var window: Size2D = 3
    /// The window's steps.
    public var strides: Size2D = 1
    /// What happens at the border.
    public var padding = Window2D.Padding.valid
    /// Adds b.
    public var bias = true
    /// W at the beginning.
    public var weightInitializer: Specification = "glorot-uniform"
    /// b at the beginning.
    public var biasInitializer: Specification = "zeros"
    /// What is added to the loss for W.
    public var weightRegularizer: Specification?
    /// What is imposed on W after each update.
    public var weightConstraint: Specification?

    /// One channel of two pieces with 3×3 filters, and the defaults.
    public init() {}
  }

  /// `"maxout-conv2d"`.
  public static let name = "maxout-conv2d"
  /// The numbers of channels and pieces and the filters' size have no defaults.
  public static let required: Set<String> = ["channels", "pieces", "window"]
  /// What is worth knowing.
  public static let card = Card(
    "A convolution whose channels are the greatest of a few linear pieces, place by place.",
    formula: "y[i, j, o] = maxₖ (b[o, k] + Σ x[i·s + p, j·s + q, c] · W[p, q, c, o, k])",
    fields: [
      "channels": "How many output channels, at least 1.",
      "pieces": "How many linear pieces each channel is the greatest of, at least 1.",
      "window": "Height and width of the filters: a whole number, or [height, width].",
      "strides": "Steps of the window: a whole number, or [down, right].",
      "padding": Window2D.paddingCard,
      "bias": "Adds the trained vector b.",
      "weightInitializer": "Draws the initial weights W [window height, window width, in, channels·pieces].",
      "biasInitializer": "Draws the initial bias b [channels·pieces].",
      "weightRegularizer": "What is added to the loss for W; nothing unless given.",
      "weightConstraint": "What is imposed on W after each update, piece by piece; nothing unless given.",
    ],
    references: ["Goodfellow, Warde-Farley, Mirza, Courville, Bengio: Maxout networks (2013), arXiv:1302.4389"])

  let channels: Int
  let pieces: Int
  let window: Window2D
  let hasBias: Bool
  let weightInitializer: any Initializer
  let biasInitializer: any Initializer
  let weightRegularizer: (any Regularizer)?
  let weightConstraint: (any Constraint)?

  /// Checks the configuration and makes what it names.
  public init(_ configuration: Configuration, in registries: Registries) throws {
    channels = try Check.positive(configuration.channels, "channels")
    pieces = try Check.value(configuration.pieces, in: Maxout.range, "pieces")
    window = Window2D(configuration.window, strides: configuration.strides, padding: configuration.padding)
    hasBias = configuration.bias
    weightInitializer = try registries.make(.initializer, configuration.weightInitializer)
    biasInitializer = try registries.make(.initializer, configuration.biasInitializer)
    weightRegularizer = try configuration.weightRegularizer.map { try registries.make(.regularizer, $0) }
    weightConstraint = try configuration.weightConstraint.map { try registries.make(.constraint, $0) }
  }
}

extension MaxoutConv2D {
  /// A convolution with `channels` outputs, each the greatest of so many `pieces`; steps of 1, no padding, weights
  /// drawn by Glorot's rule and a bias of zeros unless given.
  public init(
    _ channels: Int, pieces: Int, window: Size2D, strides: Size2D = 1, padding: Window2D.Padding = .valid,
    bias: Bool = true, weightInitializer: any Initializer = GlorotUniform(),
    biasInitializer: any Initializer = Zeros(), weightRegularizer: (any Regularizer)? = nil,
    weightConstraint: (any Constraint)? = nil, file: StaticString = #fileID, line: UInt = #line
  ) {
    require(
      channels > 0 && Maxout.range.contains(pieces), "a maxout convolution of \(channels) channels, \(pieces) pieces",
      file, line)
    self.channels = channels
    self.pieces = pieces
    self.window = Window2D(window, strides: strides, padding: padding, file: file, line: line)
    hasBias = bias
    self.weightInitializer = weightInitializer
    self.biasInitializer = biasInitializer
    self.weightRegularizer = weightRegularizer
    self.weightConstraint = weightConstraint
  }

  /// W and b.
  public func declare(in builder: inout ParameterBuilder, input: Shape) throws -> Shape {
    let output = try window.outputShape(for: input, channels: channels, at: builder.path)
    let (width, (height, columns)) = (try builder.product(of: channels, and: pieces), window.size)
    // An input reaches one piece of a channel at a time, the greatest.
    try builder.parameter(
      "weight", shape: [height, columns, input[2], width], initializer: weightInitializer,
      fans: Fans([height, columns, input[2], channels]), regularizer: weightRegularizer, constraint: weightConstraint)
    if hasBias { try builder.parameter("bias", shape: [width], initializer: biasInitializer) }
    return output
  }

  /// One convolution, and the maxima of its runs of channels.
  public func callAsFunction(_ input: Variable, _ parameters: Parameters, _ context: inout Context) -> Variable {
    let operands = [input, parameters["weight"]] + (hasBias ? [parameters["bias"]] : [])
    return Variable.apply(Convolution2D(window), to: operands)[0].maximumOfPieces(pieces)
  }
}
