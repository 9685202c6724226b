import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// Changes the shape of an input, such as a vector to an image.
///
/// Shapes: input any, output the given shape with as many elements, in row-major order.
public struct Reshape: Layer, Registrable {
  public static let name = "reshape"
  public static let card = Card(
    "Changes the shape of an input.")

  @Field("Lengths of the axes without the batch axis; one may be -1 and is inferred", example: [-1])
  var shape: [Int]

  public init() {}

  /// A shape without the batch axis; one length may be −1. Traps on other lengths that are not positive.
  public init(_ dimensions: [Int], file: StaticString = #fileID, line: UInt = #line) {
    shape = dimensions
    self = required(file: file, line: line)
  }

  public func validate() throws {
    let isUsable =
      shape.count < Shape.maximumRank && shape.allSatisfy { $0 > 0 || $0 == -1 } && shape.filter { $0 < 0 }.count <= 1
    try Check.that(isUsable, "shape", "at most 7 positive lengths, one of which may be -1", found: shape)
  }

  /// The shape for a number of elements, or nil if they do not fill it.
  private func outputShape(of elements: Int) -> Shape? {
    guard let known = Shape(shape.filter { $0 > 0 }).checkedElementCount else { return nil }
    guard shape.contains(-1) else { return known == elements ? Shape(shape) : nil }
    return elements % known == 0 ? Shape(shape.map { $0 > 0 ? $0 : elements / known }) : nil
  }

  /// The shape with the inferred length.
  public func declare(in builder: inout ParameterBuilder, input: Shape) throws -> Shape {
    if let output = outputShape(of: input.elementCount) { return output }
    throw LayerError(
      path: builder.path, "the \(input.elementCount) elements of its input \(input) do not fill \(shape)")
  }

  public func callAsFunction(
    _ input: Variable, _ parameters: Parameters, _ context: inout Context
  ) -> Variable {
    let elements = input.shape.removing(axis: 0).elementCount
    guard let output = outputShape(of: elements) else {
      trap("the layer '\(parameters.path)': \(elements) elements do not fill \(shape)")
    }
    return input.reshaped(to: output.inserting(input.shape[0], at: 0))
  }
}
