import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// The mean of each of so many pieces of a sequence, whatever its length: what comes out has always the same.
///
/// The pieces part the sequence as evenly as it goes, piece i being ⌊i·steps/steps′⌋ ..< ⌈(i + 1)·steps/steps′⌉, and overlap
/// where they have to.
///
/// Shapes: input [steps, channels], output [steps′, channels].
public struct AdaptiveAveragePool1D: Layer, Registrable {
  public static let name = "adaptive-average-pool1d"
  public static let card = Card(
    "The mean of each of so many pieces of a sequence: outputs of one length for sequences of any.")

  @Field("Number of steps of the output", .in(1...65_536), example: 2) var size: Int

  public init() {}

  /// Sequences pooled to a length. Traps unless it is in 1...65536.
  public init(_ size: Int, file: StaticString = #fileID, line: UInt = #line) {
    self.size = size
    self = required(file: file, line: line)
  }

  /// Sequences of the length, with as many channels.
  public func declare(in builder: inout ParameterBuilder, input: Shape) throws -> Shape {
    [size, try input.sequenceChannels(at: builder.path)]
  }

  /// The pooled sequences.
  public func callAsFunction(_ input: Variable, _ parameters: Parameters, _ context: inout Context) -> Variable {
    input.asRows.averagePooled(to: Size2D(1, size)).asSequences
  }
}
