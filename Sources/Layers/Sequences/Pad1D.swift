import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// Puts margins around a sequence: of one value, of the sequence reflected, or of its nearest elements.
///
/// Shapes: input [steps, channels], output [steps′, channels].
public struct Pad1D: Layer, Registrable {
  public static let name = "pad1d"
  public static let card = Card("Puts margins around a sequence: of one value, reflected, or of the nearest elements.")

  @Field("Steps that are added: a whole number, or [before, after]") var margins: Margins1D = 1
  var surroundings = Surroundings()

  public init() {}

  /// Margins of zeros unless another mode or value is given.
  public init(
    _ margins: Margins1D = 1, mode: PaddingMode = .constant, value: Double = 0, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    self.margins = margins
    surroundings = Surroundings(mode, value)
    self = required(file: file, line: line)
  }

  /// Sequences that are greater by the margins.
  public func declare(in builder: inout ParameterBuilder, input: Shape) throws -> Shape {
    _ = try input.sequenceChannels(at: builder.path)
    return try surroundings.outputShape([margins], for: input, at: builder.path)
  }

  /// The sequences with margins.
  public func callAsFunction(_ input: Variable, _ parameters: Parameters, _ context: inout Context) -> Variable {
    surroundings(input, [margins])
  }
}
