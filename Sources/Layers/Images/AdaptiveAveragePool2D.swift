import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// Averages an image over a fixed number of windows, so that the output size does not depend on the input size.
///
/// The windows divide the image as evenly as possible and overlap where necessary: row i covers
/// ⌊i·height/height′⌋ ..< ⌈(i + 1)·height/height′⌉.
///
/// Shapes: input [height, width, channels], output [height′, width′, channels].
public struct AdaptiveAveragePool2D: Layer, Registrable {
  public static let name = "adaptive-average-pool2d"
  public static let card = Card(
    "Averages an image over a fixed number of windows: one output size for all input sizes.")

  @Field("Height and width of the output: a whole number, or [height, width]", example: 2) var size: Size2D

  public init() {}

  public init(_ size: Size2D, file: StaticString = #fileID, line: UInt = #line) {
    self.size = size
    self = required(file: file, line: line)
  }

  public func declare(in builder: inout ParameterBuilder, input: Shape) throws -> Shape {
    [size.height, size.width, try input.imageChannels(at: builder.path)]
  }

  public func callAsFunction(_ input: Variable, _ parameters: Parameters, _ context: inout Context) -> Variable {
    input.averagePooled(to: size)
  }
}
