import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// The greatest element of each window: a smaller image that forgives small shifts.
///
/// Shapes: input [height, width, channels], output [height′, width′, channels]. Of equal elements the first gets the
/// gradient.
public struct MaxPool2D: Layer, Registrable {
  public static let name = "max-pool2d"
  public static let card = Card(
    "The greatest element of each window: a smaller image that forgives small shifts.",
    formula: "y[i, j, c] = max x[i·s + p, j·s + q, c]")

  var window = PoolingWindow()

  public init() {}

  /// Windows of a size, side by side unless strides are given.
  public init(
    _ window: Size2D = 2, strides: Size2D? = nil, padding: Window2D.Padding = .valid, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    self.window = PoolingWindow(window, strides, padding)
    self = required(file: file, line: line)
  }

  /// Images with fewer pixels and as many channels.
  public func declare(in builder: inout ParameterBuilder, input: Shape) throws -> Shape {
    try window.geometry.outputShape(for: input, at: builder.path)
  }

  /// The maxima.
  public func callAsFunction(_ input: Variable, _ parameters: Parameters, _ context: inout Context) -> Variable {
    input.maxPooled2D(window.geometry)
  }
}
