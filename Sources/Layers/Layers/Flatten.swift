import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// Flattens an input to a vector.
///
/// Shapes: input any, output [elements], in row-major order (row, column, channel of an image).
public struct Flatten: Layer, Registrable {
  public static let name = "flatten"
  public static let card = Card("Flattens an input to a vector, in row-major order.")

  public init() {}

  public func declare(in builder: inout ParameterBuilder, input: Shape) throws -> Shape { [input.elementCount] }

  public func callAsFunction(_ input: Variable, _ parameters: Parameters, _ context: inout Context) -> Variable {
    input.flattenedRows()
  }
}
