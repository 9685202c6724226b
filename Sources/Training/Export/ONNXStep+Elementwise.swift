import AviaryCore
import AviaryFormats

extension ONNXStep {
  func unary(_ step: Unary, _ builder: inout ONNXGraphBuilder) -> String {
    let (x, dtype) = (names[0], operands[0].dtype)
    switch step.function {
    case .square: return builder.node("Mul", [x, x])
    case .rsqrt: return builder.node("Reciprocal", [builder.node("Sqrt", [x])])
    case .expm1: return builder.node("Sub", [builder.node("Exp", [x]), builder.number(1, dtype)])
    case .log1p: return builder.node("Log", [builder.node("Add", [x, builder.number(1, dtype)])])
    case .normalCDF:
      let root = builder.node("Div", [x, builder.number(2.0.squareRoot(), dtype)])
      let sum = builder.node("Add", [builder.node("Erf", [root]), builder.number(1, dtype)])
      return builder.node("Mul", [sum, builder.number(0.5, dtype)])
    case .normalDensity:
      let square = builder.node("Mul", [builder.node("Mul", [x, x]), builder.number(-0.5, dtype)])
      return builder.node("Mul", [builder.node("Exp", [square]), builder.number(0.3989422804014327, dtype)])
    case .leakyRelu: return builder.node("LeakyRelu", [x], [("alpha", .float(step.parameter))])
    case .logSigmoid: return builder.node("Neg", [builder.node("Softplus", [builder.node("Neg", [x])])])
    case .step:
      let isNotNegative = builder.node("GreaterOrEqual", [x, builder.number(0, dtype)])
      return builder.node("Cast", [isNotNegative], [("to", .integer(ONNXModel.code(of: dtype)))])
    case .isFinite:
      let isInfinite = builder.node("Or", [builder.node("IsInf", [x]), builder.node("IsNaN", [x])])
      return builder.node("Not", [isInfinite])
    case .negate: return builder.node("Neg", [x])
    case .isNaN: return builder.node("IsNaN", [x])
    // The others have the same name in ONNX.
    case .abs, .sign, .reciprocal, .round, .floor, .ceil, .sqrt, .exp, .log, .sin, .cos, .tanh, .sigmoid, .erf, .relu,
      .softplus, .not:
      let name = step.function.rawValue
      return builder.node(name.prefix(1).uppercased() + name.dropFirst(), [x])
    }
  }

  func binary(_ function: Binary.Function, _ operands: [String], _ builder: inout ONNXGraphBuilder) -> String {
    let names: [Binary.Function: String] = [
      .add: "Add", .subtract: "Sub", .multiply: "Mul", .divide: "Div", .pow: "Pow", .minimum: "Min", .maximum: "Max",
      .equal: "Equal", .less: "Less", .lessEqual: "LessOrEqual", .greater: "Greater",
      .greaterEqual: "GreaterOrEqual", .logicalAnd: "And", .logicalOr: "Or", .logicalXor: "Xor",
    ]
    switch function {
    case .notEqual: return builder.node("Not", [builder.node("Equal", operands)])
    case .mod, .integerDivide:
      let quotient = builder.node("Floor", [builder.node("Div", operands)])
      if function == .integerDivide { return quotient }
      return builder.node("Sub", [operands[0], builder.node("Mul", [quotient, operands[1]])])
    default: return builder.node(names[function] ?? "", operands)
    }
  }

  /// An activation fused into a product or convolution.
  func activation(_ function: FusedActivation, _ x: String, _ builder: inout ONNXGraphBuilder) -> String {
    switch function {
    case .identity: x
    case .relu: builder.node("Relu", [x])
    case .leakyRelu(let slope): builder.node("LeakyRelu", [x], [("alpha", .float(slope))])
    case .sigmoid: builder.node("Sigmoid", [x])
    case .tanh: builder.node("Tanh", [x])
    }
  }
}
