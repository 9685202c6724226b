import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// Cuts margins off an image.
///
/// Shapes: input [height, width, channels], output [height′, width′, channels].
public struct Crop2D: Layer, Registrable {
  public static let name = "crop2d"
  public static let card = Card("Cuts margins off an image.")

  @Field("Rows and columns that are cut off: a whole number, [rows, columns], or [top, bottom, left, right]")
  var margins: Margins2D = 1

  public init() {}

  /// The same at all sides where one number is given; 1 unless given.
  public init(_ margins: Margins2D = 1, file: StaticString = #fileID, line: UInt = #line) {
    self.margins = margins
    self = required(file: file, line: line)
  }

  /// Images that are smaller by the margins.
  public func declare(in builder: inout ParameterBuilder, input: Shape) throws -> Shape {
    _ = try input.imageChannels(at: builder.path)
    return try input.cropped(margins.axes, at: builder.path)
  }

  /// The images without margins.
  public func callAsFunction(_ input: Variable, _ parameters: Parameters, _ context: inout Context) -> Variable {
    input.cropped(margins.axes)
  }
}
