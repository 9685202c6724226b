import AviaryCore
import AviaryFormats

extension ONNXStep {
  func affine(_ step: Affine, _ builder: inout ONNXGraphBuilder) -> String {
    let sum = builder.node("Gemm", names, [("transB", .integer(step.transposingWeight ? 1 : 0))])
    return activation(step.activation, sum, &builder)
  }

  func product(_ step: MatMul, _ builder: inout ONNXGraphBuilder) -> String {
    func oriented(_ operand: ONNXGraphBuilder.Operand, _ isTransposed: Bool) -> String {
      guard isTransposed else { return operand.name }
      var axes = Array(0..<operand.shape.rank)
      axes.swapAt(axes.count - 1, axes.count - 2)
      return builder.node("Transpose", [operand.name], [("perm", .integers(axes))])
    }
    return builder.node(
      "MatMul", [oriented(operands[0], step.transposingLeft), oriented(operands[1], step.transposingRight)])
  }

  func convolution(_ step: Convolution2D, _ builder: inout ONNXGraphBuilder) throws -> String {
    let filters = transposed(operands[1], [3, 2, 0, 1], &builder)
    let x = channelsFirst(names[0], &builder)
    let y = builder.node("Conv", [x, filters] + names.dropFirst(2), try attributes(of: step.window, operands[0].shape))
    return activation(step.activation, channelsLast(y, &builder), &builder)
  }

  func depthwise(_ step: DepthwiseConvolution2D, _ builder: inout ONNXGraphBuilder) throws -> String {
    let image = operands[0].shape
    // [height, width, channels] to [channels, 1, height, width].
    let shape = [step.window.size.height, step.window.size.width, 1, image[3]]
    let filters = ONNXGraphBuilder.Operand(
      name: builder.node("Reshape", [names[1], builder.integers(shape)]),
      first: operands[1].first.reshaped(to: shape), second: operands[1].second.reshaped(to: shape))
    let attributes = try attributes(of: step.window, image) + [("group", .integer(image[3]))]
    let y = builder.node(
      "Conv", [channelsFirst(names[0], &builder), transposed(filters, [3, 2, 0, 1], &builder)], attributes)
    return channelsLast(y, &builder)
  }

  func transposedConvolution(
    _ step: Convolution2DInputGradient, _ builder: inout ONNXGraphBuilder
  ) throws -> String {
    let image = step.imageShape
    guard let window = step.window.explicit(height: image[1], width: image[2]) else {
      throw ExportError("a transposed convolution's window does not fit")
    }
    // Rows and columns that the strides do not reach are added at the bottom and the right.
    let reach = [step.window.reach.height, step.window.reach.width]
    let open = (0..<2).map { (axis: Int) -> Int in
      let spanned = (operands[0].shape[axis + 1] - 1) * window.strides[axis] + reach[axis]
      return image[axis + 1] - (spanned - window.before[axis] - window.after[axis])
    }
    let attributes: Attributes = [
      ("strides", .integers(window.strides)), ("dilations", .integers(window.dilations)),
      ("kernel_shape", .integers([step.window.size.height, step.window.size.width])),
      ("pads", .integers(window.before + window.after)), ("output_padding", .integers(open)),
    ]
    // This is the derivative of a convolution with filters [height, width, in, out], so it maps out to in.
    let filters = transposed(operands[1], [3, 2, 0, 1], &builder)
    return channelsLast(
      builder.node("ConvTranspose", [channelsFirst(names[0], &builder), filters], attributes), &builder)
  }

  func pooling(
    _ operation: String, _ window: Window2D, _ further: Attributes, _ builder: inout ONNXGraphBuilder
  ) throws -> String {
    let attributes = try attributes(of: window, operands[0].shape).filter { $0.name != "dilations" } + further
    return channelsLast(builder.node(operation, [channelsFirst(names[0], &builder)], attributes), &builder)
  }

  private func attributes(of window: Window2D, _ image: Shape) throws -> Attributes {
    guard let explicit = window.explicit(height: image[1], width: image[2]) else {
      throw ExportError("a window of \(window.size.height) × \(window.size.width) does not fit into images \(image)")
    }
    return [
      ("kernel_shape", .integers([window.size.height, window.size.width])), ("strides", .integers(explicit.strides)),
      ("dilations", .integers(explicit.dilations)), ("pads", .integers(explicit.before + explicit.after)),
    ]
  }

  /// Transposes a value; constants are transposed here instead of in the graph.
  private func transposed(
    _ operand: ONNXGraphBuilder.Operand, _ axes: [Int], _ builder: inout ONNXGraphBuilder
  ) -> String {
    if let constant = operand.constant { return builder.constant(constant.transposed(axes: axes)) }
    return builder.node("Transpose", [operand.name], [("perm", .integers(axes))])
  }

  /// Transposes images to ONNX's layout, [n, channels, height, width].
  private func channelsFirst(_ x: String, _ builder: inout ONNXGraphBuilder) -> String {
    builder.node("Transpose", [x], [("perm", .integers([0, 3, 1, 2]))])
  }

  private func channelsLast(_ x: String, _ builder: inout ONNXGraphBuilder) -> String {
    builder.node("Transpose", [x], [("perm", .integers([0, 2, 3, 1]))])
  }
}
