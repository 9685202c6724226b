import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// The way back of a convolution's shapes: each pixel writes a filter, scaled by its value, into a greater image.
///
/// y[i·s + p − a, j·s + q − a, o] = f(b[o] + Σ x[i, j, c] · W[p, q, o, c]), summed over all i, p, j, q that meet there, a
/// the padding that is cut off. It is the derivative of ``Conv2D`` by its images, as a layer.
///
/// Shapes: input [height, width, in], weight [window height, window width, filters, in], bias [filters], output
/// [height′, width′, filters]. With reach = (window − 1)·dilation + 1, 'valid' gives (height − 1)·stride + reach, 'same'
/// height·stride, and a number so many fewer at each side; `outputPadding` adds to the bottom and the right.
/// (Zeiler, Krishnan, Taylor and Fergus: Deconvolutional networks, 2010.)
public struct Conv2DTransposed: Layer, Registrable {
  public static let name = "conv2d-transposed"
  public static let card = Card(
    "A convolution's way back: each pixel writes a filter into a greater image.",
    formula: "y[i·s + p, j·s + q, o] = f(b[o] + Σ x[i, j, c] · W[p, q, o, c])",
    references: ["Dumoulin, Visin: A guide to convolution arithmetic for deep learning (2016), arXiv:1603.07285"])

  @Field("Number of output channels", .positive, example: 8) var filters: Int
  @Field("Height and width of the filters: a whole number, or [height, width]", example: 3) var window: Size2D
  @Field("How many times greater the image becomes: a whole number, or [down, right]") var strides: Size2D = 1
  @Field(
    "valid: all that the filters write; same: strides times the input's size; a whole number, or [rows, columns]: cut off on each side"
  )
  var padding = Window2D.Padding.valid
  @Field("Rows and columns added at the bottom and the right, fewer than strides", .in(0...65_535)) var outputPadding =
    0
  @Field("Distance of the pixels that a filter writes; 1 for neighbours", .in(1...65_536)) var dilation = 1
  @Field(.activation, "Function f applied to each output") var activation: any Activation = Identity()
  var weights = Weights()

  public init() {}

  /// A transposed convolution with `filters` output channels; steps of 1, no padding, weights drawn by Glorot's rule and a
  /// bias of zeros unless given.
  public init(
    _ filters: Int, window: Size2D, strides: Size2D = 1, padding: Window2D.Padding = .valid, outputPadding: Int = 0,
    dilation: Int = 1, activation: any Activation = Identity(), bias: Bool = true,
    weightInitializer: any Initializer = GlorotUniform(), biasInitializer: any Initializer = Zeros(),
    weightRegularizer: (any Regularizer)? = nil, weightConstraint: (any Constraint)? = nil,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    self.filters = filters
    self.window = window
    self.strides = strides
    self.padding = padding
    self.outputPadding = outputPadding
    self.dilation = dilation
    self.activation = activation
    weights = Weights(bias: bias, weightInitializer, biasInitializer, weightRegularizer, weightConstraint)
    self = required(file: file, line: line)
  }

  public func validate() throws {
    try padding.check()
    try Check.that(
      padding != .cover, "padding", "\"valid\", \"same\", a whole number, or [rows, columns]", found: "cover")
    let limit = padding == .same ? 1 : min(strides.height, strides.width)
    try Check.that(
      outputPadding < limit, "outputPadding",
      padding == .same ? "0 with padding \"same\"" : "a number below strides, \(strides)", found: outputPadding)
  }

  private var geometry: Window2D { Window2D(window, strides: strides, dilation: dilation, padding: padding) }

  /// Height and width of the outputs for images of a size; not positive where all is cut off.
  private func outputSize(_ height: Int, _ width: Int) -> (height: Int, width: Int) {
    if padding == .same { return (height * strides.height, width * strides.width) }
    var (cutRows, cutColumns) = (0, 0)
    if case .border(let rows, let columns) = padding { (cutRows, cutColumns) = (rows, columns) }
    let reach = geometry.reach
    return (
      (height - 1) * strides.height + reach.height - 2 * cutRows + outputPadding,
      (width - 1) * strides.width + reach.width - 2 * cutColumns + outputPadding
    )
  }

  /// W and b.
  public func declare(in builder: inout ParameterBuilder, input: Shape) throws -> Shape {
    guard input.rank == 3 else {
      throw LayerError(
        path: builder.path,
        "it takes images [height, width, channels], not \(input); a layer 'reshape' before it can make them")
    }
    let (height, width) = outputSize(input[0], input[1])
    guard height > 0, width > 0,
      geometry.outputSize(height: height, width: width).map({ [$0.height, $0.width] })
        == [input[0], input[1]]
    else {
      throw LayerError(
        path: builder.path,
        "its padding cuts off more than its filters of \(window) pixels write beyond the border; make it smaller")
    }
    let area = window.height * window.width
    try weights.declare(
      in: &builder, shape: [window.height, window.width, filters, input[2]],
      fans: Fans(input: area * input[2], output: area * filters), biases: filters)
    return [height, width, filters]
  }

  /// The adjoint of a convolution.
  public func callAsFunction(_ input: Variable, _ parameters: Parameters, _ context: inout Context) -> Variable {
    let (height, width) = outputSize(input.shape[1], input.shape[2])
    let adjoint = Convolution2DInputGradient(geometry, imageShape: [input.shape[0], height, width, filters])
    let output = Variable.applying(adjoint, input, parameters["weight"])
    return activation(weights.bias ? output + parameters["bias"] : output)
  }
}
