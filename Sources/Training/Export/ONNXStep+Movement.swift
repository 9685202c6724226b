import AviaryCore
import AviaryFormats

extension ONNXStep {
  /// Adds the operators of primitives that move or combine elements; nil for other primitives.
  func movement(_ builder: inout ONNXGraphBuilder) throws -> String? {
    switch first {
    case is Reshaping: try reshape(&builder)
    case let step as Permute: builder.node("Transpose", names, [("perm", .integers(step.axes))])
    case is Broadcast: broadcast(&builder)
    case let step as Slice: try slice(step, &builder)
    case let step as Embed: try embed(step, &builder)
    case let step as Concatenate:
      builder.node("Concat", names, [("axis", .integer(step.axis))])
    case let step as Gather: builder.node("Gather", names, [("axis", .integer(step.axis))])
    case let step as Reduce: try reduce(step, &builder)
    case let step as CumulativeSum: builder.node("CumSum", [names[0], builder.number(Double(step.axis), .int64)])
    default: nil
    }
  }

  /// −1 stands for the length that depends on the number of rows.
  private func reshape(_ builder: inout ONNXGraphBuilder) throws -> String {
    let (a, b) = (firstOutputs[0].shape, secondOutputs[0].shape)
    guard a.rank == b.rank, zip(a, b).count(where: { $0 != $1 }) <= 1 else {
      throw ExportError("a change of shape mixes rows with other axes, which cannot be exported for any number of rows")
    }
    let lengths = zip(a, b).map { $0 == $1 ? $0 : -1 }
    return builder.node("Reshape", [names[0], builder.integers(lengths)])
  }

  /// Along the rows, a length of 1 keeps the input's length.
  private func broadcast(_ builder: inout ONNXGraphBuilder) -> String {
    let lengths = zip(firstOutputs[0].shape, secondOutputs[0].shape).map { $0 == $1 ? $0 : 1 }
    return builder.node("Expand", [names[0], builder.integers(lengths)])
  }

  private func slice(_ step: Slice, _ builder: inout ONNXGraphBuilder) throws -> String {
    let lengths = operands[0].lengths
    let axes = step.starts.indices.filter { lengths[$0] != nil }
    if let rows = step.starts.indices.first(where: { lengths[$0] == nil }) {
      guard step.starts[rows] == 0, step.steps[rows] == 1, step.counts[rows] == operands[0].shape[rows] else {
        throw ExportError("the model selects rows of a batch, which cannot be exported")
      }
    }
    let ends = axes.map { axis in
      let end = step.starts[axis] + step.counts[axis] * step.steps[axis]
      // The end lies before the first element; −1 would mean the last element.
      return end < 0 ? -step.starts[axis] - (operands[0].shape[axis] * 2) : end
    }
    return builder.node(
      "Slice",
      [
        names[0], builder.integers(axes.map { step.starts[$0] }), builder.integers(ends), builder.integers(axes),
        builder.integers(axes.map { step.steps[$0] }),
      ])
  }

  /// Padding around the input.
  private func embed(_ step: Embed, _ builder: inout ONNXGraphBuilder) throws -> String {
    guard step.slice.steps.allSatisfy({ $0 == 1 }) else {
      throw ExportError("the model writes elements into a larger tensor, which cannot be exported yet")
    }
    let after = step.slice.starts.indices.map { axis in
      operands[0].lengths[axis] == nil ? 0 : step.shape[axis] - step.slice.starts[axis] - step.slice.counts[axis]
    }
    return builder.node(
      "Pad", [names[0], builder.integers(step.slice.starts + after), builder.number(step.value, operands[0].dtype)])
  }

  private func reduce(_ step: Reduce, _ builder: inout ONNXGraphBuilder) throws -> String? {
    guard step.axes.allSatisfy({ operands[0].lengths[$0] != nil }) else {
      throw ExportError("the model combines the rows of a batch, which cannot be exported")
    }
    if step.axes.isEmpty { return builder.node("Identity", [names[0]]) }
    let keeps: Attributes = [("keepdims", .integer(step.keepingDimensions ? 1 : 0))]
    let axes: Attributes = [("axes", .integers(step.axes))] + keeps
    switch step.function {
    case .sum: return builder.node("ReduceSum", [names[0], builder.integers(step.axes)], keeps)
    case .product: return builder.node("ReduceProd", names, axes)
    case .max: return builder.node("ReduceMax", names, axes)
    case .min: return builder.node("ReduceMin", names, axes)
    case .logSumExp: return builder.node("ReduceLogSumExp", names, axes)
    case .any, .all: return nil
    }
  }
}
