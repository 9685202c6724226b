import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// A depthwise separable convolution, with far fewer weights than ``Conv2D``: filters for each channel, then a 1×1
/// convolution over all channels.
///
///     z[i, j, c·m + k] = Σ x[i·s + p, j·s + q, c] · D[p, q, c, k]
///     y[i, j, o] = f(b[o] + Σ z[i, j, e] · P[e, o])
///
/// Shapes: input [height, width, in], depthwise D [window height, window width, in, multiplier m], pointwise P [1, 1,
/// in·m, filters], bias [filters], output [height′, width′, filters] as for ``Conv2D``. (Chollet: Xception, 2017.)
public struct SeparableConv2D: Layer, Registrable {
  public static let name = "separable-conv2d"
  public static let card = Card(
    "A depthwise separable convolution: filters for each channel, then a 1×1 convolution over all channels.",
    formula:
      "z[i, j, c·m + k] = Σ x[i·s + p, j·s + q, c] · D[p, q, c, k];  y[i, j, o] = f(b[o] + Σ z[i, j, e] · P[e, o])",
    references: ["Chollet: Xception (2017), arXiv:1610.02357", "Howard et al.: MobileNets (2017), arXiv:1704.04861"])

  @Field("Number of output channels", .positive, example: 8) var filters: Int
  @Field("Number of filters per input channel", .in(1...65_536)) var multiplier = 1
  var window = FilterWindow()
  @Field("Spacing of the pixels that a filter sees; 1 for adjacent pixels", .in(1...65_536)) var dilation = 1
  @Field(.activation, "Activation f") var activation: any Activation = Identity()
  /// For both D and P.
  var weights = Weights()

  public init() {}

  /// The defaults are one filter per input channel, strides of 1, no padding, Glorot-uniform weights and zero biases.
  public init(
    _ filters: Int, window: Size2D, multiplier: Int = 1, strides: Size2D = 1, padding: Window2D.Padding = .valid,
    dilation: Int = 1, activation: any Activation = Identity(), bias: Bool = true,
    weightInitializer: any Initializer = GlorotUniform(), biasInitializer: any Initializer = Zeros(),
    weightRegularizer: (any Regularizer)? = nil, weightConstraint: (any Constraint)? = nil,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    self.filters = filters
    self.multiplier = multiplier
    self.window = FilterWindow(window, strides, padding)
    self.dilation = dilation
    self.activation = activation
    weights = Weights(bias: bias, weightInitializer, biasInitializer, weightRegularizer, weightConstraint)
    self = required(file: file, line: line)
  }

  public func declare(in builder: inout ParameterBuilder, input: Shape) throws -> Shape {
    let output = try window.geometry(dilation: dilation).outputShape(for: input, channels: filters, at: builder.path)
    let (height, width) = window.window.pair
    try weights.declareWeight(
      "depthwise", in: &builder, shape: [height, width, input[2], multiplier],
      fans: .ofEachChannel(height, width, multiplier))
    let channels = try builder.product(of: input[2], and: multiplier)
    try weights.declareWeight("pointwise", in: &builder, shape: [1, 1, channels, filters])
    try weights.declareBias(in: &builder, count: filters)
    return output
  }

  /// Two convolutions; the second also computes the bias and a fusable activation.
  public func callAsFunction(_ input: Variable, _ parameters: Parameters, _ context: inout Context) -> Variable {
    let channels = input.depthwiseConvolved2D(
      filters: parameters["depthwise"], strides: window.strides.pair, dilation: dilation, padding: window.padding)
    let output = channels.convolved2D(
      filters: parameters["pointwise"], bias: weights.bias ? parameters["bias"] : nil,
      activation: activation.fused ?? .identity)
    return activation.fused == nil ? activation(output) : output
  }
}
