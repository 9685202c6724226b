import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// Averages a sequence over a fixed number of windows, so that the output length does not depend on the input length.
///
/// The windows divide the sequence as evenly as possible and overlap where necessary: window i covers
/// ⌊i·steps/steps′⌋ ..< ⌈(i + 1)·steps/steps′⌉.
///
/// Shapes: input [steps, channels], output [steps′, channels].
public struct AdaptiveAveragePool1D: Layer, Registrable {
  public static let name = "adaptive-average-pool1d"
  public static let card = Card(
    "Averages a sequence over a fixed number of windows: one output length for all input lengths.")

  @Field("Number of steps of the output", .in(1...65_536), example: 2) var size: Int

  public init() {}

  /// Traps unless `size` is in 1...65536.
  public init(_ size: Int, file: StaticString = #fileID, line: UInt = #line) {
    self.size = size
    self = required(file: file, line: line)
  }

  public func declare(in builder: inout ParameterBuilder, input: Shape) throws -> Shape {
    [size, try input.sequenceChannels(at: builder.path)]
  }

  public func callAsFunction(_ input: Variable, _ parameters: Parameters, _ context: inout Context) -> Variable {
    input.asRows.averagePooled(to: Size2D(1, size)).asSequences
  }
}
