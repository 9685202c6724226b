import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// Crops margins from a sequence.
///
/// Shapes: input [steps, channels], output [steps′, channels].
public struct Crop1D: Layer, Registrable {
  public static let name = "crop1d"
  public static let card = Card("Crops margins from a sequence.")

  @Field("Steps to crop: a whole number, or [before, after]") var margins: Margins1D = 1

  public init() {}

  public init(_ margins: Margins1D = 1, file: StaticString = #fileID, line: UInt = #line) {
    self.margins = margins
    self = required(file: file, line: line)
  }

  /// The shorter sequence.
  public func declare(in builder: inout ParameterBuilder, input: Shape) throws -> Shape {
    _ = try input.sequenceChannels(at: builder.path)
    return try input.cropped([margins], at: builder.path)
  }

  public func callAsFunction(_ input: Variable, _ parameters: Parameters, _ context: inout Context) -> Variable {
    input.cropped([margins])
  }
}
