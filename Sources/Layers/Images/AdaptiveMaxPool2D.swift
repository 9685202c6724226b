import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// Takes the maximum over a fixed number of windows of an image, so that the output size does not depend on the input
/// size.
///
/// The windows divide the image as evenly as possible and overlap where necessary: row i covers
/// ⌊i·height/height′⌋ ..< ⌈(i + 1)·height/height′⌉.
///
/// Shapes: input [height, width, channels], output [height′, width′, channels].
public struct AdaptiveMaxPool2D: Layer, Registrable {
  public static let name = "adaptive-max-pool2d"
  public static let card = Card(
    "The maximum over a fixed number of windows of an image: one output size for all input sizes.")

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
    input.maxPooled(to: size)
  }
}
