import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// A convolution in which each channel has its own filters.
///
///     y[i, j, c·m + k] = f(b[c·m + k] + Σ x[i·s + p, j·s + q, c] · W[p, q, c, k]),   k = 0 … m − 1
///
/// Shapes: input [height, width, in], weight [window height, window width, in, multiplier m], bias [in·m], output
/// [height′, width′, in·m] with the heights and widths of ``Conv2D``. (Sifre, 2014; Howard and others, MobileNets,
/// 2017.)
public struct DepthwiseConv2D: Layer, Registrable {
  public static let name = "depthwise-conv2d"
  public static let card = Card(
    "A convolution in which each channel has its own filters.",
    formula: "y[i, j, c·m + k] = f(b[c·m + k] + Σ x[i·s + p, j·s + q, c] · W[p, q, c, k])",
    references: ["Howard et al.: MobileNets (2017), arXiv:1704.04861"])

  @Field("Number of filters per channel", .in(1...65_536)) var multiplier = 1
  var window = FilterWindow()
  @Field("Spacing of the pixels that a filter sees; 1 for adjacent pixels", .in(1...65_536)) var dilation = 1
  @Field(.activation, "Activation f") var activation: any Activation = Identity()
  var weights = Weights()

  public init() {}

  /// The defaults are one filter per channel, strides of 1, no padding, Glorot-uniform weights and zero biases.
  public init(
    window: Size2D, multiplier: Int = 1, strides: Size2D = 1, padding: Window2D.Padding = .valid, dilation: Int = 1,
    activation: any Activation = Identity(), bias: Bool = true, weightInitializer: any Initializer = GlorotUniform(),
    biasInitializer: any Initializer = Zeros(), weightRegularizer: (any Regularizer)? = nil,
    weightConstraint: (any Constraint)? = nil, file: StaticString = #fileID, line: UInt = #line
  ) {
    self.multiplier = multiplier
    self.window = FilterWindow(window, strides, padding)
    self.dilation = dilation
    self.activation = activation
    weights = Weights(bias: bias, weightInitializer, biasInitializer, weightRegularizer, weightConstraint)
    self = required(file: file, line: line)
  }

  public func declare(in builder: inout ParameterBuilder, input: Shape) throws -> Shape {
    var output = try window.geometry(dilation: dilation).outputShape(for: input, at: builder.path)
    output[2] = try builder.product(of: input[2], and: multiplier)
    let (height, width) = window.window.pair
    try weights.declare(
      in: &builder, shape: [height, width, input[2], multiplier], fans: .ofEachChannel(height, width, multiplier),
      biases: output[2])
    return output
  }

  public func callAsFunction(_ input: Variable, _ parameters: Parameters, _ context: inout Context) -> Variable {
    let output = input.depthwiseConvolved2D(
      filters: parameters["weight"], strides: window.strides.pair, dilation: dilation, padding: window.padding)
    return activation(weights.bias ? output + parameters["bias"] : output)
  }
}

extension Fans {
  /// The fans of filters that see a single channel.
  static func ofEachChannel(_ height: Int, _ width: Int, _ multiplier: Int) -> Fans {
    Fans(input: height * width, output: height * width * multiplier)
  }
}
