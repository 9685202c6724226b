import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// A longer sequence: each step repeated, or straight lines between neighbours.
///
/// Shapes: input [steps, channels], output [steps·factor, channels]. Steps stand for the middles of their time, so that the
/// ends of input and output meet (PyTorch's `align_corners=False`).
public struct Upsample1D: Layer, Registrable {
  /// What stands between the steps.
  public enum Interpolation: String, CaseIterable, Sendable, FieldValue {
    /// The nearest one: each is repeated.
    case nearest
    /// The straight line between neighbours.
    case linear
  }

  public static let name = "upsample1d"
  public static let card = Card("A longer sequence: each step repeated, or straight lines between neighbours.")

  @Field("How many times longer", .in(1...65_536)) var factor = 2
  @Field("nearest: each step is repeated; linear: straight lines between neighbours")
  var interpolation = Interpolation.nearest

  public init() {}

  /// A sequence twice as long, each step repeated, unless given. Traps unless `factor` is in 1...65536.
  public init(
    _ factor: Int = 2, interpolation: Interpolation = .nearest, file: StaticString = #fileID, line: UInt = #line
  ) {
    self.factor = factor
    self.interpolation = interpolation
    self = required(file: file, line: line)
  }

  /// Sequences `factor` times as long.
  public func declare(in builder: inout ParameterBuilder, input: Shape) throws -> Shape {
    let channels = try input.sequenceChannels(at: builder.path)
    return [try builder.product(of: input[0], and: factor), channels]
  }

  /// The longer sequences.
  public func callAsFunction(_ input: Variable, _ parameters: Parameters, _ context: inout Context) -> Variable {
    input.upsampled(axis: 1, factor, isLinear: interpolation == .linear)
  }
}
