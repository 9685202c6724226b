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
    builder.stepsVary = false
    return [input[-1]]
  }

  /// Padding is ignored.
  public var allowsPadding: Bool { true }

  public func callAsFunction(_ input: Variable, _ parameters: Parameters, _ context: inout Context) -> Variable {
    let places = Array(1..<(input.rank - 1))
    guard let steps = context.takeSteps(of: input) else { return input.mean(axes: places) }
    let counts = steps.lengths.map { Double($0 * input.shape.dropFirst(2).dropLast().reduce(1, *)) }
    let share = Tensor(counts.map { 1 / $0 }, shape: [counts.count, 1]).cast(to: input.dtype)
    return steps.filling(input, with: 0).sum(axes: places) * Variable(share)
  }
}
