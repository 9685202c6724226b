import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// The greatest element of each window: a smaller image that forgives small shifts.
///
/// Shapes: input [height, width, channels], output [height′, width′, channels]. Of equal elements the first gets the
/// gradient.
public struct MaxPool2D: Layer, Registrable {
  /// The layer's configuration.
  public struct Configuration: ConfigurationFields {
    /// Height and width of the window.
    public var window: Size2D = 2
    /// The window's steps; its own size unless given.
    public var strides: Size2D?
    /// What happens at the border.
    public var padding = Window2D.Padding.valid

    /// Windows of 2×2 side by side.
    public init() {}
  }

  /// `"max-pool2d"`.
  public static let name = "max-pool2d"
  /// What is worth knowing.
  public static let card = Card(
    "The greatest element of each window: a smaller image that forgives small shifts.",
    formula: "y[i, j, c] = max x[i·s + p, j·s + q, c]",
    fields: [
      "window": "Height and width of the window: a whole number, or [height, width].",
      "strides": "Steps of the window: a whole number, or [down, right]; the window's size unless given.",
      "padding": Window2D.poolingPaddingCard,
    ])

  let window: Window2D

  /// Takes the window as it is.
  public init(_ configuration: Configuration, in registries: Registries) {
    self.init(configuration.window, strides: configuration.strides, padding: configuration.padding)
  }

  /// Windows of a size, side by side unless strides are given.
  public init(
    _ window: Size2D = 2, strides: Size2D? = nil, padding: Window2D.Padding = .valid, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    self.window = Window2D(window, strides: strides ?? window, padding: padding, file: file, line: line)
  }

  /// Images with fewer pixels and as many channels.
  public func declare(in builder: inout ParameterBuilder, input: Shape) throws -> Shape {
    try window.outputShape(for: input, at: builder.path)
  }

  /// The maxima.
  public func callAsFunction(_ input: Variable, _ parameters: Parameters, _ context: inout Context) -> Variable {
    input.maxPooled2D(window)
  }
}
