import AviaryAutograd
import AviaryCore
import AviaryLayers

/// The mean of the answers of binary decision trees, which ``TreeGrowing`` grows. Without a derivative.
///
/// Shapes: input flattened to [features]; feature and threshold [trees, nodes]; value [trees, nodes, outputs]; output [outputs]. Node
/// n's children are 2n + 1, for values up to its threshold, and 2n + 2; a feature of −1 is a leaf.
struct TreeEnsemble: Layer {
  let trees: Int
  let depth: Int
  let outputs: Int

  let label = "trees"

  private var nodes: Int { 1 << (depth + 1) - 1 }

  func declare(in builder: inout ParameterBuilder, input: Shape) throws -> Shape {
    try builder.parameter("feature", shape: [trees, nodes], initializer: Constant(-1))
    try builder.parameter("threshold", shape: [trees, nodes], initializer: Zeros())
    try builder.parameter("value", shape: [trees, nodes, outputs], initializer: Zeros())
    return [outputs]
  }

  func callAsFunction(_ input: Variable, _ parameters: Parameters, _ context: inout Context) -> Variable {
    let x = input.flattenedRows().value.cast(to: .float32)
    let (rows, features) = (x.shape[0], x.shape[1])
    let feature = parameters["feature"].value.scalars(as: Float.self)
    let threshold = parameters["threshold"].value.scalars(as: Float.self)
    let value = parameters["value"].value.scalars(as: Double.self)
    // A damaged file must not lead out of the row.
    if feature.contains(where: { !($0 >= -1 && $0 < Float(features)) }) {
      context.refuse("a tree splits by a feature that the inputs do not have", in: parameters)
      return Variable(Tensor.zeros([rows, outputs], dtype: input.dtype))
    }
    let points = x.scalars(as: Float.self)
    var sums = [Double](repeating: 0, count: rows * outputs)
    for tree in 0..<trees {
      for row in 0..<rows {
        var node = 0
        while feature[tree * nodes + node] >= 0, 2 * node + 2 < nodes {
          let isFirst = points[row * features + Int(feature[tree * nodes + node])] <= threshold[tree * nodes + node]
          node = 2 * node + (isFirst ? 1 : 2)
        }
        for output in 0..<outputs { sums[row * outputs + output] += value[(tree * nodes + node) * outputs + output] }
      }
    }
    return Variable((Tensor(sums, shape: [rows, outputs]) / Double(trees)).cast(to: input.dtype))
  }
}
