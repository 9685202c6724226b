import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// A transposed convolution: each pixel writes a filter, scaled by its value, into a larger image.
///
///     y[i·s + p − a, j·s + q − a, o] = f(b[o] + Σ x[i, j, c] · W[p, q, o, c])
///
/// The sum runs over all i, p, j, q that meet at a pixel; a is the cropped padding. Without b and f it is the
/// derivative of ``Conv2D`` with respect to its input.
///
/// Shapes: input [height, width, in], weight [window height, window width, filters, in], bias [filters], output
/// [height′, width′, filters]. With reach = (window − 1)·dilation + 1, 'valid' gives (height − 1)·stride + reach,
/// 'same' height·stride, and a number removes that many at each side; `outputPadding` adds rows at the bottom and
/// columns at the right. (Zeiler, Krishnan, Taylor and Fergus: Deconvolutional networks, 2010.)
public struct Conv2DTransposed: Layer, Registrable {
  public static let name = "conv2d-transposed"
  public static let card = Card(
    "A transposed convolution: each pixel writes a filter into a larger image.",
    formula: "y[i·s + p, j·s + q, o] = f(b[o] + Σ x[i, j, c] · W[p, q, o, c])",
    references: ["Dumoulin, Visin: A guide to convolution arithmetic for deep learning (2016), arXiv:1603.07285"])

  @Field("Number of output channels", .positive, example: 8) var filters: Int
  @Field("Height and width of the filters: a whole number, or [height, width]", example: 3) var window: Size2D
  @Field("Upscaling factor: a whole number, or [down, right]") var strides: Size2D = 1
  @Field(
    "valid: everything that the filters write; same: strides times the input's size; a whole number, or [rows, columns]: cropped from each side"
  )
  var padding = Window2D.Padding.valid
  @Field("Rows and columns added at the bottom and right, fewer than strides", .in(0...65_535)) var outputPadding =
    0
  @Field("Spacing of the pixels that a filter writes; 1 for adjacent pixels", .in(1...65_536)) var dilation = 1
  @Field(.activation, "Activation f") var activation: any Activation = Identity()
  var weights = Weights()

  public init() {}

  /// A transposed convolution with `filters` output channels. The defaults are strides of 1, no padding, Glorot-uniform
  /// weights and zero biases.
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

  /// Height and width of the output; not positive if everything is cropped.
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

  public func declare(in builder: inout ParameterBuilder, input: Shape) throws -> Shape {
    guard input.rank == 3 else {
      throw LayerError(
        path: builder.path,
        "it takes images [height, width, channels], not \(input); put a 'reshape' layer before it")
    }
    let (height, width) = outputSize(input[0], input[1])
    guard height > 0, width > 0,
      geometry.outputSize(height: height, width: width).map({ [$0.height, $0.width] })
        == [input[0], input[1]]
    else {
      throw LayerError(
        path: builder.path,
        "its padding crops more than its filters of \(window) pixels write beyond the border; use less padding")
    }
    let area = window.height * window.width
    try weights.declare(
      in: &builder, shape: [window.height, window.width, filters, input[2]],
      fans: Fans(input: area * input[2], output: area * filters), biases: filters)
    return [height, width, filters]
  }

  /// Applies the adjoint of a convolution.
  public func callAsFunction(_ input: Variable, _ parameters: Parameters, _ context: inout Context) -> Variable {
    let (height, width) = outputSize(input.shape[1], input.shape[2])
    let adjoint = Convolution2DInputGradient(geometry, imageShape: [input.shape[0], height, width, filters])
    let output = Variable.applying(adjoint, input, parameters["weight"])
    return activation(weights.bias ? output + parameters["bias"] : output)
  }
}
