import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// A convolution over images: y[i, j, o] = f(b[o] + Σ x[i·s + p, j·s + q, c] · W[p, q, c, o]).
///
/// Shapes: input [height, width, in], weight [window height, window width, in, filters], bias [filters], output
/// [height′, width′, filters], where padding 'same' gives ⌈height / stride⌉ and 'valid' only windows wholly inside; a number
/// puts that many zeros on each side.
/// (Fukushima, 1980; LeCun et al., 1989.) As everywhere in the field, the filters are not mirrored.
public struct Conv2D: Layer, Registrable {
  /// The layer's configuration.
  public struct Configuration: ConfigurationFields {
    /// How many output channels.
    public var filters = 1
    /// Height and width of the filters.
    public var window: Size2D = 3
    /// The window's steps.
    public var strides: Size2D = 1
    /// What happens at the border.
    public var padding = Window2D.Padding.valid
    /// The distance of the pixels that a filter sees.
    public var dilation = 1
    /// f.
    public var activation: Specification = "identity"
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

    /// One filter of 3×3, and the defaults.
    public init() {}
  }

  /// `"conv2d"`.
  public static let name = "conv2d"
  /// The number of filters and their size have no defaults.
  public static let required: Set<String> = ["filters", "window"]
  /// What is worth knowing.
  public static let card = Card(
    "A convolution: the same few weights look at every place of an image.",
    formula: "y[i, j, o] = f(b[o] + Σ x[i·s + p, j·s + q, c] · W[p, q, c, o])",
    fields: [
      "filters": "How many output channels, at least 1.",
      "window": "Height and width of the filters: a whole number, or [height, width].",
      "strides": "Steps of the window: a whole number, or [down, right].",
      "padding": Window2D.paddingCard,
      "dilation": "Distance of the pixels that a filter sees; 1 for neighbours.",
      "activation": "The function f applied to each output.",
      "bias": "Adds the trained vector b.",
      "weightInitializer": "Draws the initial weights W [window height, window width, in, filters].",
      "biasInitializer": "Draws the initial bias b [filters].",
      "weightRegularizer": "What is added to the loss for W; nothing unless given.",
      "weightConstraint": "What is imposed on W after each update; nothing unless given.",
    ],
    references: ["LeCun et al.: Backpropagation applied to handwritten zip code recognition (1989)"])

  let filters: Int
  let window: Size2D
  let strides: Size2D
  let dilation: Int
  let padding: Window2D.Padding
  private(set) var activation: any Activation
  let hasBias: Bool
  let weightInitializer: any Initializer
  let biasInitializer: any Initializer
  let weightRegularizer: (any Regularizer)?
  let weightConstraint: (any Constraint)?

  /// Checks the configuration and makes what it names.
  public init(_ configuration: Configuration, in registries: Registries) throws {
    filters = try Check.positive(configuration.filters, "filters")
    window = configuration.window
    strides = configuration.strides
    dilation = try Check.value(configuration.dilation, in: Size2D.range, "dilation")
    padding = configuration.padding
    activation = try registries.make(.activation, configuration.activation)
    hasBias = configuration.bias
    weightInitializer = try registries.make(.initializer, configuration.weightInitializer)
    biasInitializer = try registries.make(.initializer, configuration.biasInitializer)
    weightRegularizer = try configuration.weightRegularizer.map { try registries.make(.regularizer, $0) }
    weightConstraint = try configuration.weightConstraint.map { try registries.make(.constraint, $0) }
  }
}

extension Conv2D {
  /// A convolution with `filters` output channels; steps of 1, no padding, weights drawn by Glorot's rule and a bias of
  /// zeros unless given.
  public init(
    _ filters: Int, window: Size2D, strides: Size2D = 1, padding: Window2D.Padding = .valid, dilation: Int = 1,
    activation: any Activation = Identity(), bias: Bool = true, weightInitializer: any Initializer = GlorotUniform(),
    biasInitializer: any Initializer = Zeros(), weightRegularizer: (any Regularizer)? = nil,
    weightConstraint: (any Constraint)? = nil, file: StaticString = #fileID, line: UInt = #line
  ) {
    require(
      filters > 0 && Size2D.range.contains(dilation), "a convolution of \(filters) filters, dilation \(dilation)", file,
      line)
    _ = Window2D(window, strides: strides, dilation: dilation, padding: padding, file: file, line: line)
    self.filters = filters
    self.window = window
    self.strides = strides
    self.padding = padding
    self.dilation = dilation
    self.activation = activation
    hasBias = bias
    self.weightInitializer = weightInitializer
    self.biasInitializer = biasInitializer
    self.weightRegularizer = weightRegularizer
    self.weightConstraint = weightConstraint
  }

  /// W and b.
  public func declare(in builder: inout ParameterBuilder, input: Shape) throws -> Shape {
    let geometry = Window2D(window, strides: strides, dilation: dilation, padding: padding)
    let output = try geometry.outputShape(for: input, channels: filters, at: builder.path)
    try builder.parameter(
      "weight", shape: [window.height, window.width, input[2], filters], initializer: weightInitializer,
      regularizer: weightRegularizer, constraint: weightConstraint)
    if hasBias { try builder.parameter("bias", shape: [filters], initializer: biasInitializer) }
    return output
  }

  /// One convolution; the bias and a fusable activation in the same pass.
  public func callAsFunction(_ input: Variable, _ parameters: Parameters, _ context: inout Context) -> Variable {
    let output = input.convolved2D(
      filters: parameters["weight"], bias: hasBias ? parameters["bias"] : nil, strides: strides.pair,
      dilation: dilation, padding: padding, activation: activation.fused ?? .identity)
    return activation.fused == nil ? activation(output) : output
  }

  /// With that activation, where it has none yet.
  public func fused(with activation: FusedActivation) -> (any Layer)? {
    guard self.activation.fused == .identity else { return nil }
    var result = self
    result.activation = FusedFunction(activation)
    return result
  }
}
