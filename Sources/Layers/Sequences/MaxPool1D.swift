import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// The maximum of each window of steps, per channel.
///
/// Shapes: input [steps, channels], output [steps′, channels]. The first of equal maxima gets the gradient.
public struct MaxPool1D: Layer, Registrable {
  public static let name = "max-pool1d"
  public static let card = Card(
    "The maximum of each window of steps: a shorter sequence.", formula: "y[t, c] = max x[t·s + p, c]")

  var window = PoolingWindow1D()

  public init() {}

  /// By default, adjacent windows: strides equal to the window. Traps on numbers outside 1...65536.
  public init(
    _ window: Int = 2, strides: Int? = nil, padding: Padding1D = .valid, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    self.window = PoolingWindow1D(window, strides, padding)
    self = required(file: file, line: line)
  }

  public func declare(in builder: inout ParameterBuilder, input: Shape) throws -> Shape {
    try window.outputShape(for: input, at: builder.path)
  }

  public func callAsFunction(_ input: Variable, _ parameters: Parameters, _ context: inout Context) -> Variable {
    input.asRows.maxPooled2D(window.geometry).asSequences
  }
}
