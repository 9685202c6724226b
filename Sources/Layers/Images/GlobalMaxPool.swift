import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// The maximum of each channel over all positions.
///
/// Shapes: input [positions, …, channels] (images, sequences, volumes), output [channels]. Equal maxima share the
/// gradient equally.
public struct GlobalMaxPool: Layer, Registrable {
  public static let name = "global-max-pool"
  public static let card = Card(
    "The maximum of each channel over all positions.", formula: "y[c] = max x[…, c]")

  public init() {}

  public func declare(in builder: inout ParameterBuilder, input: Shape) throws -> Shape {
    guard input.rank >= 2 else {
      throw LayerError(path: builder.path, "it takes inputs [positions, …, channels], such as images, not \(input)")
    }
    builder.stepsVary = false
    return [input[-1]]
  }

  /// Padding is ignored.
  public var allowsPadding: Bool { true }

  public func callAsFunction(_ input: Variable, _ parameters: Parameters, _ context: inout Context) -> Variable {
    let places = Array(1..<(input.rank - 1))
    guard let steps = context.takeSteps(of: input) else { return input.max(axes: places) }
    return steps.filling(input, with: -.infinity).max(axes: places)
  }
}
