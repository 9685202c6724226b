import AviaryAutograd
import AviaryCore
import AviaryLayers

/// Minus the squared distance to each center, so that the largest output is the nearest center.
///
/// Shapes: input flattened to [features], centers [clusters, features], output [clusters].
struct NearestCenter: Layer {
  let clusters: Int

  let label = "centers"

  func declare(in builder: inout ParameterBuilder, input: Shape) throws -> Shape {
    try builder.parameter("weight", shape: [clusters, input.elementCount], initializer: Zeros())
    return [clusters]
  }

  func callAsFunction(_ input: Variable, _ parameters: Parameters, _ context: inout Context) -> Variable {
    let (x, centers) = (input.flattenedRows(), parameters["weight"])
    // ‖x − c‖² = ‖x‖² − 2·x·c + ‖c‖², about the centers' mean, so that a distance from the origin does not cancel.
    let middle = centers.value.mean(axes: [0])
    let (points, places) = (x - Variable(middle), centers - Variable(middle))
    let lengths = points.square().sum(axes: [1], keepingDimensions: true)
    return points.matmul(places, transposingRight: true) * 2 - lengths - places.square().sum(axes: [1])
  }
}
