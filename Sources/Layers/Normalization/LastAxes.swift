import AviaryCore
import AviaryRegistry

/// The last axes of an input, whose numbers are normalized together.
struct LastAxes: FieldGroup {
  @Field("How many of the last axes are normalized together; 1 for the channels alone", .in(1...7)) var axes = 1

  init() {}

  init(_ axes: Int) { self.axes = axes }

  /// The lengths of the axes. Throws ``LayerError`` where the input has not as many, or a single number in them.
  func shape(of input: Shape, at path: String) throws -> Shape {
    guard input.rank >= axes else {
      throw LayerError(
        path: path,
        "it normalizes the last \(axes) axes together, and its input \(input) has \(input.rank); make 'axes' smaller")
    }
    let shape = Shape(input.dimensions.suffix(axes))
    guard shape.elementCount > 1 else {
      throw LayerError(
        path: path,
        "it would normalize each number of its input \(input) by itself, which leaves nothing of it but the sign; "
          + "it takes inputs with several numbers along the last axes")
    }
    return shape
  }

  /// A batch as rows of one place each: [rows, 1, numbers].
  func rows(of batch: Shape) -> Shape {
    let numbers = batch.dimensions.suffix(axes).reduce(1, *)
    return [batch.dimensions.dropLast(axes).reduce(1, *), 1, numbers]
  }
}
