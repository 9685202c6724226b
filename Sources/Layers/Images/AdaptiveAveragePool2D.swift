import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// The mean of each of so many pieces of an image, whatever its size: what comes out has always the same.
///
/// The pieces part the image as evenly as it goes, row i of them being ⌊i·height/height′⌋ ..< ⌈(i + 1)·height/height′⌉, and
/// overlap where they have to.
///
/// Shapes: input [height, width, channels], output [height′, width′, channels].
public struct AdaptiveAveragePool2D: Layer, Registrable {
  public static let name = "adaptive-average-pool2d"
  public static let card = Card(
    "The mean of each of so many pieces of an image: outputs of one size for images of any.")

  @Field("Height and width of the output: a whole number, or [height, width]", example: 2) var size: Size2D

  public init() {}

  /// Images pooled to a size.
  public init(_ size: Size2D, file: StaticString = #fileID, line: UInt = #line) {
    self.size = size
    self = required(file: file, line: line)
  }

  /// Images of the size, with as many channels.
  public func declare(in builder: inout ParameterBuilder, input: Shape) throws -> Shape {
    [size.height, size.width, try input.imageChannels(at: builder.path)]
  }

  /// The pooled images.
  public func callAsFunction(_ input: Variable, _ parameters: Parameters, _ context: inout Context) -> Variable {
    input.averagePooled(to: size)
  }
}
