import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// The greatest element of each channel over all places: of an image one number a channel.
///
/// Shapes: input [places, …, channels] (images, sequences, volumes), output [channels]. Of equal elements all get
/// an equal part of the gradient.
public struct GlobalMaxPool: Layer, Registrable {
  public static let name = "global-max-pool"
  public static let card = Card(
    "The greatest element of each channel over all places.", formula: "y[c] = max x[…, c]")

  public init() {}

  /// One number a channel.
  public func declare(in builder: inout ParameterBuilder, input: Shape) throws -> Shape {
    guard input.rank >= 2 else {
      throw LayerError(path: builder.path, "it takes inputs [places, …, channels], such as images, not \(input)")
    }
    return [input[-1]]
  }

  /// The greatest elements.
  public func callAsFunction(_ input: Variable, _ parameters: Parameters, _ context: inout Context) -> Variable {
    input.max(axes: Array(1..<(input.rank - 1)))
  }
}
