import AviaryCore
import AviaryRegistry

/// The last axes of an input, which are normalized together.
struct LastAxes: FieldGroup {
  @Field("Number of last axes to normalize together; 1 for only the channels", .in(1...7)) var axes = 1

  init() {}

  init(_ axes: Int) { self.axes = axes }

  /// The lengths of the axes. Throws ``LayerError`` if the input has too few axes or a single value in them.
  func shape(of input: Shape, at path: String) throws -> Shape {
    guard input.rank >= axes else {
      throw LayerError(
        path: path,
        "it normalizes the last \(axes) axes together, but its input \(input) has \(input.rank); make 'axes' smaller")
    }
    let shape = Shape(input.dimensions.suffix(axes))
    guard shape.elementCount > 1 else {
      throw LayerError(
        path: path,
        "it would normalize each value of its input \(input) separately, which leaves only the sign; "
          + "it needs inputs with several values along the last axes")
    }
    return shape
  }

  /// A batch as rows with one position: [rows, 1, elements].
  func rows(of batch: Shape) -> Shape {
    let numbers = batch.dimensions.suffix(axes).reduce(1, *)
    return [batch.dimensions.dropLast(axes).reduce(1, *), 1, numbers]
  }
}
