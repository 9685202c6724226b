import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// Lengthens a sequence by repeating steps or by linear interpolation.
///
/// Shapes: input [steps, channels], output [steps·factor, channels]. Steps represent the centers of their intervals, so
/// that the ends of input and output coincide (PyTorch's `align_corners=False`).
public struct Upsample1D: Layer, Registrable {
  /// The interpolation between steps.
  public enum Interpolation: String, CaseIterable, Sendable, FieldValue {
    /// Repeats the nearest step.
    case nearest
    /// Interpolates linearly between neighbors.
    case linear
  }

  public static let name = "upsample1d"
  public static let card = Card("Lengthens a sequence by repeating steps or by linear interpolation.")

  @Field("Upscaling factor", .in(1...65_536)) var factor = 2
  @Field("nearest: repeats each step; linear: interpolates between neighbors")
  var interpolation = Interpolation.nearest

  public init() {}

  /// By default doubles the length by repeating steps. Traps unless `factor` is in 1...65536.
  public init(
    _ factor: Int = 2, interpolation: Interpolation = .nearest, file: StaticString = #fileID, line: UInt = #line
  ) {
    self.factor = factor
    self.interpolation = interpolation
    self = required(file: file, line: line)
  }

  public func declare(in builder: inout ParameterBuilder, input: Shape) throws -> Shape {
    let channels = try input.sequenceChannels(at: builder.path)
    return [try builder.product(of: input[0], and: factor), channels]
  }

  public func callAsFunction(_ input: Variable, _ parameters: Parameters, _ context: inout Context) -> Variable {
    input.upsampled(axis: 1, factor, isLinear: interpolation == .linear)
  }
}
