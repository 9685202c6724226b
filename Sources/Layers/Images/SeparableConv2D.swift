import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// A convolution in two parts, with far fewer weights than ``Conv2D``: each channel by filters of its own, then all
/// channels of a pixel together.
///
/// z[i, j, c·m + k] = Σ x[i·s + p, j·s + q, c] · D[p, q, c, k];  y[i, j, o] = f(b[o] + Σ z[i, j, e] · P[e, o]).
///
/// Shapes: input [height, width, in], depthwise D [window height, window width, in, multiplier m], pointwise P
/// [1, 1, in·m, filters], bias [filters], output [height′, width′, filters] as of ``Conv2D``. (Chollet: Xception, 2017.)
public struct SeparableConv2D: Layer, Registrable {
  public static let name = "separable-conv2d"
  public static let card = Card(
    "A convolution of each channel by itself, then of all channels of a pixel together.",
    formula:
      "z[i, j, c·m + k] = Σ x[i·s + p, j·s + q, c] · D[p, q, c, k];  y[i, j, o] = f(b[o] + Σ z[i, j, e] · P[e, o])",
    references: ["Chollet: Xception (2017), arXiv:1610.02357", "Howard et al.: MobileNets (2017), arXiv:1704.04861"])

  @Field("Number of output channels", .positive, example: 8) var filters: Int
  @Field("Number of filters of each input channel", .in(1...65_536)) var multiplier = 1
  var window = FilterWindow()
  @Field("Distance of the pixels that a filter sees; 1 for neighbours", .in(1...65_536)) var dilation = 1
  @Field(.activation, "Function f applied to each output") var activation: any Activation = Identity()
  /// Of D and P, both.
  var weights = Weights()

  public init() {}

  /// A convolution with `filters` output channels; one filter an input channel, steps of 1, no padding, weights drawn by
  /// Glorot's rule and a bias of zeros unless given.
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

  /// D, P and b.
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

  /// Two convolutions; the bias and a fusable activation in the second one's pass.
  public func callAsFunction(_ input: Variable, _ parameters: Parameters, _ context: inout Context) -> Variable {
    let channels = input.depthwiseConvolved2D(
      filters: parameters["depthwise"], strides: window.strides.pair, dilation: dilation, padding: window.padding)
    let output = channels.convolved2D(
      filters: parameters["pointwise"], bias: weights.bias ? parameters["bias"] : nil,
      activation: activation.fused ?? .identity)
    return activation.fused == nil ? activation(output) : output
  }
}
