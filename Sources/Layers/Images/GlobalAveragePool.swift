import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// The mean of each channel over all positions.
///
/// Shapes: input [positions, …, channels] (images, sequences, volumes), output [channels]. (Lin, Chen and Yan: Network
/// in network, 2013.)
public struct GlobalAveragePool: Layer, Registrable {
  public static let name = "global-average-pool"
  public static let card = Card(
    "The mean of each channel over all positions.", formula: "y[c] = mean x[…, c]",
    references: ["Lin, Chen, Yan: Network in network (2013), arXiv:1312.4400"])

  public init() {}

  public func declare(in builder: inout ParameterBuilder, input: Shape) throws -> Shape {
    guard input.rank >= 2 else {
      throw LayerError(path: builder.path, "it takes inputs [positions, …, channels], such as images, not \(input)")
    }
    return [input[-1]]
  }

  public func callAsFunction(_ input: Variable, _ parameters: Parameters, _ context: inout Context) -> Variable {
    input.mean(axes: Array(1..<(input.rank - 1)))
  }
}
