import AviaryAutograd
import AviaryCore
import AviaryFormats

/// Translates one primitive into ONNX operators.
struct ONNXStep {
  typealias Attributes = [(name: String, value: ONNXModel.Attribute)]

  /// The primitive in the two recordings, whose shapes may differ.
  let first: any Primitive
  let second: any Primitive
  let operands: [ONNXGraphBuilder.Operand]
  let firstOutputs: [Tensor]
  let secondOutputs: [Tensor]

  init(
    _ first: any Primitive, _ second: any Primitive, _ operands: [ONNXGraphBuilder.Operand], _ firstOutputs: [Tensor],
    _ secondOutputs: [Tensor]
  ) {
    (self.first, self.second, self.operands) = (first, second, operands)
    (self.firstOutputs, self.secondOutputs) = (firstOutputs, secondOutputs)
  }

  var names: [String] { operands.map(\.name) }

  /// Adds the operators and returns the outputs' names.
  ///
  /// Throws ``ExportError`` if neither the primitive nor its composition has operators.
  func add(to builder: inout ONNXGraphBuilder) throws -> [String] {
    if let a = first as? BinaryScalar, let b = second as? BinaryScalar, a.scalar != b.scalar {
      throw ExportError("the model uses the number of rows in '\(a.name)', which cannot be exported")
    }
    if let name = try single(&builder) { return [name] }
    return try composed(&builder)
  }

  private func single(_ builder: inout ONNXGraphBuilder) throws -> String? {
    switch first {
    case let step as Unary: unary(step, &builder)
    case let step as Binary: binary(step.function, names, &builder)
    case let step as BinaryScalar:
      binary(
        step.function,
        step.isScalarLeft
          ? [builder.number(step.scalar, operands[0].dtype), names[0]]
          : [names[0], builder.number(step.scalar, operands[0].dtype)], &builder)
    case let step as Cast: builder.node("Cast", names, [("to", .integer(ONNXModel.code(of: step.dtype)))])
    case is Select: builder.node("Where", names)
    case let step as Affine: affine(step, &builder)
    case let step as MatMul: product(step, &builder)
    case let step as Convolution2D: try convolution(step, &builder)
    case let step as DepthwiseConvolution2D: try depthwise(step, &builder)
    case let step as Convolution2DInputGradient: try transposedConvolution(step, &builder)
    case let step as MaxPooling2D: try pooling("MaxPool", step.window, [], &builder)
    case let step as AveragePooling2D:
      try pooling("AveragePool", step.window, [("count_include_pad", .integer(0))], &builder)
    case let step as SoftmaxFunction:
      builder.node(step.isLogarithm ? "LogSoftmax" : "Softmax", names, [("axis", .integer(-1))])
    default: try movement(&builder)
    }
  }

  /// Adds the composition of the primitive.
  private func composed(_ builder: inout ONNXGraphBuilder) throws -> [String] {
    func recording(_ primitive: any Primitive, _ values: [Tensor]) throws -> Recording {
      // Inputs without derivatives stay constants.
      let inputs = zip(values, operands).map { value, operand in
        operand.constant == nil && value.dtype.isDifferentiable ? Variable(tracking: value) : Variable(value)
      }
      guard let outputs = primitive.composition(of: inputs) else {
        throw ExportError(
          "the operation '\(primitive.name)' has no ONNX operator; this layer cannot be exported yet")
      }
      return Recording(of: outputs, from: inputs)
    }
    let a = try recording(first, operands.map(\.first))
    let b = try recording(second, operands.map(\.second))
    return try builder.add(a, b, operands).map(\.name)
  }
}
