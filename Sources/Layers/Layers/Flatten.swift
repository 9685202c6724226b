import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// All axes of an input as one: images before a layer that takes vectors.
///
/// Shapes: input anything, output [elements], in row-major order (row, column, channel of an image).
public struct Flatten: Layer, Registrable {
  public static let name = "flatten"
  public static let card = Card("All axes of an input as one, in row-major order.")

  public init() {}

  /// A vector of as many elements.
  public func declare(in builder: inout ParameterBuilder, input: Shape) throws -> Shape { [input.elementCount] }

  /// The same elements.
  public func callAsFunction(_ input: Variable, _ parameters: Parameters, _ context: inout Context) -> Variable {
    input.flattenedRows()
  }
}
