import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// The mean of each window's elements inside the image.
///
/// Shapes: input [height, width, channels], output [height′, width′, channels].
public struct AveragePool2D: Layer, Registrable {
  public static let name = "average-pool2d"
  public static let card = Card(
    "The mean of each window: a smaller, smoother image.",
    formula: "y[i, j, c] = mean x[i·s + p, j·s + q, c]")

  var window = PoolingWindow()

  public init() {}

  /// By default, adjacent windows: strides equal to the window.
  public init(
    _ window: Size2D = 2, strides: Size2D? = nil, padding: Window2D.Padding = .valid, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    self.window = PoolingWindow(window, strides, padding)
    self = required(file: file, line: line)
  }

  public func declare(in builder: inout ParameterBuilder, input: Shape) throws -> Shape {
    try window.geometry.outputShape(for: input, at: builder.path)
  }

  public func callAsFunction(_ input: Variable, _ parameters: Parameters, _ context: inout Context) -> Variable {
    input.averagePooled2D(window.geometry)
  }
}
