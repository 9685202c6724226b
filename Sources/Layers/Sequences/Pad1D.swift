import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// Pads a sequence with a constant, its reflection, or its nearest elements.
///
/// Shapes: input [steps, channels], output [steps′, channels].
public struct Pad1D: Layer, Registrable {
  public static let name = "pad1d"
  public static let card = Card("Pads a sequence with a constant, its reflection, or its nearest elements.")

  @Field("Steps to add: a whole number, or [before, after]") var margins: Margins1D = 1
  var surroundings = Surroundings()

  public init() {}

  /// Zero padding unless another mode or value is given.
  public init(
    _ margins: Margins1D = 1, mode: PaddingMode = .constant, value: Double = 0, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    self.margins = margins
    surroundings = Surroundings(mode, value)
    self = required(file: file, line: line)
  }

  /// The longer sequence.
  public func declare(in builder: inout ParameterBuilder, input: Shape) throws -> Shape {
    _ = try input.sequenceChannels(at: builder.path)
    return try surroundings.outputShape([margins], for: input, at: builder.path)
  }

  public func callAsFunction(_ input: Variable, _ parameters: Parameters, _ context: inout Context) -> Variable {
    surroundings(input, [margins])
  }
}
