import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// Cuts margins off a sequence.
///
/// Shapes: input [steps, channels], output [steps′, channels].
public struct Crop1D: Layer, Registrable {
  public static let name = "crop1d"
  public static let card = Card("Cuts margins off a sequence.")

  @Field("Steps that are cut off: a whole number, or [before, after]") var margins: Margins1D = 1

  public init() {}

  /// The same at both ends where one number is given; 1 unless given.
  public init(_ margins: Margins1D = 1, file: StaticString = #fileID, line: UInt = #line) {
    self.margins = margins
    self = required(file: file, line: line)
  }

  /// Sequences that are smaller by the margins.
  public func declare(in builder: inout ParameterBuilder, input: Shape) throws -> Shape {
    _ = try input.sequenceChannels(at: builder.path)
    return try input.cropped([margins], at: builder.path)
  }

  /// The sequences without margins.
  public func callAsFunction(_ input: Variable, _ parameters: Parameters, _ context: inout Context) -> Variable {
    input.cropped([margins])
  }
}
