import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// Crops margins from an image.
///
/// Shapes: input [height, width, channels], output [height′, width′, channels].
public struct Crop2D: Layer, Registrable {
  public static let name = "crop2d"
  public static let card = Card("Crops margins from an image.")

  @Field("Rows and columns to crop: a whole number, [rows, columns], or [top, bottom, left, right]")
  var margins: Margins2D = 1

  public init() {}

  public init(_ margins: Margins2D = 1, file: StaticString = #fileID, line: UInt = #line) {
    self.margins = margins
    self = required(file: file, line: line)
  }

  /// The smaller image.
  public func declare(in builder: inout ParameterBuilder, input: Shape) throws -> Shape {
    _ = try input.imageChannels(at: builder.path)
    return try input.cropped(margins.axes, at: builder.path)
  }

  public func callAsFunction(_ input: Variable, _ parameters: Parameters, _ context: inout Context) -> Variable {
    input.cropped(margins.axes)
  }
}
