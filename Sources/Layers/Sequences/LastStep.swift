import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// The last step of a sequence; of a shorter one in a batch, its own last step rather than padding.
///
/// Shapes: input [steps, …], output […].
public struct LastStep: Layer, Registrable {
  public static let name = "last-step"
  public static let card = Card(
    "The last step of a sequence, which in a causal network has seen all others.", formula: "y = x[T]")

  public init() {}

  public func declare(in builder: inout ParameterBuilder, input: Shape) throws -> Shape {
    guard input.rank >= 2 else {
      throw LayerError(path: builder.path, "it takes sequences [steps, …] with at least one more axis, not \(input)")
    }
    builder.stepsVary = false
    return input.removing(axis: 0)
  }

  /// Padding is ignored.
  public var allowsPadding: Bool { true }

  public func callAsFunction(_ input: Variable, _ parameters: Parameters, _ context: inout Context) -> Variable {
    let (rows, steps) = (input.shape[0], input.shape[1])
    let rest = input.shape.removing(axis: 1)
    guard let data = context.takeSteps(of: input) else {
      return input.slice(axis: 1, (steps - 1)..<steps).reshaped(to: rest)
    }
    let places = data.lengths.enumerated().map { $0.offset * steps + Swift.max($0.element, 1) - 1 }
    let all = input.reshaped(to: Shape([rows * steps] + rest.dropFirst()))
    return all.gather(Variable(Tensor(places, shape: [rows])))
  }
}
