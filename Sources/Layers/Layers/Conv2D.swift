import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// A convolution over images.
///
///     y[i, j, o] = f(b[o] + Σ x[i·s + p, j·s + q, c] · W[p, q, c, o])
///
/// Shapes: input [height, width, in], weight [window height, window width, in, filters], bias [filters], output
/// [height′, width′, filters], where padding 'same' gives ⌈height / stride⌉, 'valid' uses only windows inside the
/// image, and a number pads that many zeros on each side. As is usual, filters are not mirrored. (Fukushima, 1980;
/// LeCun et al., 1989.)
public struct Conv2D: Layer, Registrable {
  public static let name = "conv2d"
  public static let card = Card(
    "A convolution: the same few weights apply to every position of an image.",
    formula: "y[i, j, o] = f(b[o] + Σ x[i·s + p, j·s + q, c] · W[p, q, c, o])",
    references: ["LeCun et al.: Backpropagation applied to handwritten zip code recognition (1989)"])

  @Field("Number of output channels", .positive, example: 8) var filters: Int
  var window = FilterWindow()
  @Field("Spacing of the pixels that a filter sees; 1 for adjacent pixels", .in(1...65_536)) var dilation = 1
  @Field(.activation, "Activation f") var activation: any Activation = Identity()
  var weights = Weights()

  public init() {}

  /// A convolution with `filters` output channels. The defaults are strides of 1, no padding, Glorot-uniform weights
  /// and zero biases.
  public init(
    _ filters: Int, window: Size2D, strides: Size2D = 1, padding: Window2D.Padding = .valid, dilation: Int = 1,
    activation: any Activation = Identity(), bias: Bool = true, weightInitializer: any Initializer = GlorotUniform(),
    biasInitializer: any Initializer = Zeros(), weightRegularizer: (any Regularizer)? = nil,
    weightConstraint: (any Constraint)? = nil, file: StaticString = #fileID, line: UInt = #line
  ) {
    self.filters = filters
    self.window = FilterWindow(window, strides, padding)
    self.dilation = dilation
    self.activation = activation
    weights = Weights(bias: bias, weightInitializer, biasInitializer, weightRegularizer, weightConstraint)
    self = required(file: file, line: line)
  }

  public func declare(in builder: inout ParameterBuilder, input: Shape) throws -> Shape {
    let output = try window.geometry(dilation: dilation).outputShape(for: input, channels: filters, at: builder.path)
    try weights.declare(in: &builder, shape: [window.window.height, window.window.width, input[2], filters])
    return output
  }

  /// One convolution, with bias and a fusable activation in the same pass.
  public func callAsFunction(_ input: Variable, _ parameters: Parameters, _ context: inout Context) -> Variable {
    let output = input.convolved2D(
      filters: parameters["weight"], bias: weights.bias ? parameters["bias"] : nil, strides: window.strides.pair,
      dilation: dilation, padding: window.padding, activation: activation.fused ?? .identity)
    return activation.fused == nil ? activation(output) : output
  }

  /// The layer with the activation fused, unless it has one.
  public func fused(with activation: FusedActivation) -> (any Layer)? {
    guard self.activation.fused == .identity else { return nil }
    var result = self
    result.activation = FusedFunction(activation)
    return result
  }
}
