import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// Enlarges an image by repeating pixels or by bilinear interpolation.
///
/// Shapes: input [height, width, channels], output [height·factor, width·factor, channels]. Pixels represent the
/// centers of their squares, so that the corners of input and output coincide (PyTorch's `align_corners=False`).
public struct Upsample2D: Layer, Registrable {
  /// The interpolation between pixels.
  public enum Interpolation: String, CaseIterable, Sendable, FieldValue {
    /// Repeats the nearest pixel.
    case nearest
    /// Interpolates linearly along both axes.
    case bilinear
  }

  public static let name = "upsample2d"
  public static let card = Card("Enlarges an image by repeating pixels or by bilinear interpolation.")

  @Field("Upscaling factor: a whole number, or [down, right]") var factor: Size2D = 2
  @Field("nearest: repeats each pixel; bilinear: interpolates linearly along both axes")
  var interpolation = Interpolation.nearest

  public init() {}

  /// The defaults double the image by repeating pixels.
  public init(
    _ factor: Size2D = 2, interpolation: Interpolation = .nearest, file: StaticString = #fileID, line: UInt = #line
  ) {
    self.factor = factor
    self.interpolation = interpolation
    self = required(file: file, line: line)
  }

  public func declare(in builder: inout ParameterBuilder, input: Shape) throws -> Shape {
    let channels = try input.imageChannels(at: builder.path)
    return [
      try builder.product(of: input[0], and: factor.height), try builder.product(of: input[1], and: factor.width),
      channels,
    ]
  }

  /// Upsamples one axis after the other.
  public func callAsFunction(_ input: Variable, _ parameters: Parameters, _ context: inout Context) -> Variable {
    input.upsampled(axis: 1, factor.height, isLinear: interpolation == .bilinear).upsampled(
      axis: 2, factor.width, isLinear: interpolation == .bilinear)
  }
}
