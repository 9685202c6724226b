import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// A convolution whose channels take the maximum of several linear pieces at each position.
///
///     y[i, j, o] = maxₖ (b[o, k] + Σ x[i·s + p, j·s + q, c] · W[p, q, c, o, k]),   k = 1 … pieces
///
/// Shapes: input [height, width, in], weight [window height, window width, in, channels·pieces], bias
/// [channels·pieces], with a channel's pieces adjacent, output [height′, width′, channels] as for ``Conv2D``. A
/// constraint such as ``MaxNorm`` applies to the kernel of each piece. For the paper's spatial pooling, add
/// ``MaxPool2D``. (Goodfellow, Warde-Farley, Mirza, Courville and Bengio: Maxout networks, 2013.)
public struct MaxoutConv2D: Layer, Registrable {
  public static let name = "maxout-conv2d"
  public static let card = Card(
    "A convolution whose channels take the maximum of several linear pieces at each position.",
    formula: "y[i, j, o] = maxₖ (b[o, k] + Σ x[i·s + p, j·s + q, c] · W[p, q, c, o, k])",
    references: ["Goodfellow, Warde-Farley, Mirza, Courville, Bengio: Maxout networks (2013), arXiv:1302.4389"])

  @Field("Number of output channels", .positive, example: 8) var channels: Int
  @Field("Number of linear pieces per channel", Maxout.pieceRule, example: 2) var pieces: Int
  var window = FilterWindow()
  var weights = Weights()

  public init() {}

  /// The defaults are strides of 1, no padding, Glorot-uniform weights and zero biases.
  public init(
    _ channels: Int, pieces: Int, window: Size2D, strides: Size2D = 1, padding: Window2D.Padding = .valid,
    bias: Bool = true, weightInitializer: any Initializer = GlorotUniform(),
    biasInitializer: any Initializer = Zeros(), weightRegularizer: (any Regularizer)? = nil,
    weightConstraint: (any Constraint)? = nil, file: StaticString = #fileID, line: UInt = #line
  ) {
    self.channels = channels
    self.pieces = pieces
    self.window = FilterWindow(window, strides, padding)
    weights = Weights(bias: bias, weightInitializer, biasInitializer, weightRegularizer, weightConstraint)
    self = required(file: file, line: line)
  }

  public func declare(in builder: inout ParameterBuilder, input: Shape) throws -> Shape {
    let output = try window.geometry().outputShape(for: input, channels: channels, at: builder.path)
    let filters = [window.window.height, window.window.width, input[2]]
    // An input reaches only one piece of a channel at a time, the maximum.
    try weights.declare(
      in: &builder, shape: Shape(filters + [try builder.product(of: channels, and: pieces)]),
      fans: Fans(Shape(filters + [channels])))
    return output
  }

  /// One convolution, then the maximum of each channel's pieces.
  public func callAsFunction(_ input: Variable, _ parameters: Parameters, _ context: inout Context) -> Variable {
    let operands = [input, parameters["weight"]] + (weights.bias ? [parameters["bias"]] : [])
    return Variable.apply(Convolution2D(window.geometry()), to: operands)[0].maximumOfPieces(pieces)
  }
}
