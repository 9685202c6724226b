import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// The same elements in another shape: vectors as images, for example.
///
/// Shapes: input anything, output the given shape, of as many elements, in row-major order.
public struct Reshape: Layer, Registrable {
  public static let name = "reshape"
  public static let card = Card(
    "The same elements in another shape.")

  @Field("Lengths of the axes without the batch's; one may be -1, and follows from the others", example: [-1])
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

  /// The shape for rows of a number of elements, or nil where they do not fill it.
  private func outputShape(of elements: Int) -> Shape? {
    guard let known = Shape(shape.filter { $0 > 0 }).checkedElementCount else { return nil }
    guard shape.contains(-1) else { return known == elements ? Shape(shape) : nil }
    return elements % known == 0 ? Shape(shape.map { $0 > 0 ? $0 : elements / known }) : nil
  }

  /// The shape, with what was left open.
  public func declare(in builder: inout ParameterBuilder, input: Shape) throws -> Shape {
    if let output = outputShape(of: input.elementCount) { return output }
    throw LayerError(
      path: builder.path, "the \(input.elementCount) elements of its input \(input) do not fill \(shape)")
  }

  /// The same elements.
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
