import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// The mean of each channel over all places: of an image one number a channel.
///
/// Shapes: input [places, …, channels] (images, sequences, volumes), output [channels]. (Lin, Chen and Yan: Network in network, 2013.)
public struct GlobalAveragePool: Layer, Registrable {
  public static let name = "global-average-pool"
  public static let card = Card(
    "The mean of each channel over all places.", formula: "y[c] = mean x[…, c]",
    references: ["Lin, Chen, Yan: Network in network (2013), arXiv:1312.4400"])

  public init() {}

  /// One number a channel.
  public func declare(in builder: inout ParameterBuilder, input: Shape) throws -> Shape {
    guard input.rank >= 2 else {
      throw LayerError(path: builder.path, "it takes inputs [places, …, channels], such as images, not \(input)")
    }
    return [input[-1]]
  }

  /// The means.
  public func callAsFunction(_ input: Variable, _ parameters: Parameters, _ context: inout Context) -> Variable {
    input.mean(axes: Array(1..<(input.rank - 1)))
  }
}
