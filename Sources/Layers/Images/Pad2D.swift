import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// Pads an image with a constant, its reflection, or its nearest elements.
///
/// Shapes: input [height, width, channels], output [height′, width′, channels].
public struct Pad2D: Layer, Registrable {
  public static let name = "pad2d"
  public static let card = Card("Pads an image with a constant, its reflection, or its nearest elements.")

  @Field("Rows and columns to add: a whole number, [rows, columns], or [top, bottom, left, right]") var margins:
    Margins2D = 1
  var surroundings = Surroundings()

  public init() {}

  /// Zero padding unless another mode or value is given.
  public init(
    _ margins: Margins2D = 1, mode: PaddingMode = .constant, value: Double = 0, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    self.margins = margins
    surroundings = Surroundings(mode, value)
    self = required(file: file, line: line)
  }

  /// The larger image.
  public func declare(in builder: inout ParameterBuilder, input: Shape) throws -> Shape {
    _ = try input.imageChannels(at: builder.path)
    return try surroundings.outputShape(margins.axes, for: input, at: builder.path)
  }

  public func callAsFunction(_ input: Variable, _ parameters: Parameters, _ context: inout Context) -> Variable {
    surroundings(input, margins.axes)
  }
}
