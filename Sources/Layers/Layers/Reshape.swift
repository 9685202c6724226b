import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// The same elements in another shape: vectors as images, for example.
///
/// Shapes: input anything, output the given shape, of as many elements, in row-major order.
public struct Reshape: Layer, Registrable {
  /// The layer's configuration.
  public struct Configuration: ConfigurationFields {
    /// The shape without the batch axis.
    public var shape = [-1]

    /// A vector.
    public init() {}
  }

  /// `"reshape"`.
  public static let name = "reshape"
  /// The shape has no default.
  public static let required: Set<String> = ["shape"]
  /// What is worth knowing.
  public static let card = Card(
    "The same elements in another shape.",
    fields: ["shape": "The lengths of the axes without the batch's; one may be -1, and follows from the others."])

  let dimensions: [Int]

  /// Checks the shape.
  public init(_ configuration: Configuration, in registries: Registries) throws {
    dimensions = configuration.shape
    try Check.that(
      Reshape.isUsable(dimensions), "shape", "at most 7 positive lengths, one of which may be -1", found: dimensions)
  }

  /// A shape without the batch axis; one length may be −1. Traps on other lengths that are not positive.
  public init(_ dimensions: [Int], file: StaticString = #fileID, line: UInt = #line) {
    require(
      Reshape.isUsable(dimensions), "\(dimensions) is not a shape of at most 7 positive lengths and one −1", file, line)
    self.dimensions = dimensions
  }

  private static func isUsable(_ dimensions: [Int]) -> Bool {
    dimensions.count < Shape.maximumRank && dimensions.allSatisfy { $0 > 0 || $0 == -1 }
      && dimensions.filter { $0 < 0 }.count <= 1
  }

  /// The shape for rows of a number of elements, or nil where they do not fill it.
  private func shape(of elements: Int) -> Shape? {
    guard let known = Shape(dimensions.filter { $0 > 0 }).checkedElementCount else { return nil }
    guard dimensions.contains(-1) else { return known == elements ? Shape(dimensions) : nil }
    return elements % known == 0 ? Shape(dimensions.map { $0 > 0 ? $0 : elements / known }) : nil
  }

  /// The shape, with what was left open.
  public func declare(in builder: inout ParameterBuilder, input: Shape) throws -> Shape {
    if let shape = shape(of: input.elementCount) { return shape }
    throw LayerError(
      path: builder.path, "the \(input.elementCount) elements of its input \(input) do not fill \(dimensions)")
  }

  /// The same elements.
  public func callAsFunction(
    _ input: Variable, _ parameters: Parameters, _ context: inout Context
  ) -> Variable {
    let elements = input.shape.removing(axis: 0).elementCount
    guard let shape = shape(of: elements) else {
      trap("the layer '\(parameters.path)': \(elements) elements do not fill \(dimensions)")
    }
    return input.reshaped(to: shape.inserting(input.shape[0], at: 0))
  }
}
