import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// A greater image: each pixel repeated, or straight lines between neighbours (bilinear).
///
/// Shapes: input [height, width, channels], output [height·factor, width·factor, channels]. Pixels stand for the middles of
/// their squares, so that corners of input and output meet (PyTorch's `align_corners=False`).
public struct Upsample2D: Layer, Registrable {
  /// What stands between the pixels.
  public enum Interpolation: String, CaseIterable, Sendable, FieldValue {
    /// The nearest one: each is repeated.
    case nearest
    /// The straight lines between neighbours along both axes.
    case bilinear
  }

  public static let name = "upsample2d"
  public static let card = Card("A greater image: each pixel repeated, or straight lines between neighbours.")

  @Field("How many times greater: a whole number, or [down, right]") var factor: Size2D = 2
  @Field("nearest: each pixel is repeated; bilinear: straight lines between neighbours along both axes")
  var interpolation = Interpolation.nearest

  public init() {}

  /// An image twice as great, each pixel repeated, unless given.
  public init(
    _ factor: Size2D = 2, interpolation: Interpolation = .nearest, file: StaticString = #fileID, line: UInt = #line
  ) {
    self.factor = factor
    self.interpolation = interpolation
    self = required(file: file, line: line)
  }

  /// Images `factor` times as great.
  public func declare(in builder: inout ParameterBuilder, input: Shape) throws -> Shape {
    let channels = try input.imageChannels(at: builder.path)
    return [
      try builder.product(of: input[0], and: factor.height), try builder.product(of: input[1], and: factor.width),
      channels,
    ]
  }

  /// One axis after the other.
  public func callAsFunction(_ input: Variable, _ parameters: Parameters, _ context: inout Context) -> Variable {
    input.upsampled(axis: 1, factor.height, isLinear: interpolation == .bilinear).upsampled(
      axis: 2, factor.width, isLinear: interpolation == .bilinear)
  }
}
