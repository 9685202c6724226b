import AviaryKernels

/// Applies a function of one operand element-wise.
public struct Unary: Primitive {
  public enum Function: String, Sendable, CaseIterable {
    case negate, abs, sign, reciprocal, square, round, floor, ceil, sqrt, rsqrt
    case exp, expm1, log, log1p, sin, cos, tanh, sigmoid, erf, normalCDF, normalDensity
    case relu, leakyRelu, softplus, logSigmoid, step
    case not, isNaN, isFinite
  }

  public let function: Function
  /// The slope below zero of `leakyRelu`; 0 for the others.
  public let parameter: Double

  public init(_ function: Function, parameter: Double = 0) {
    self.function = function
    self.parameter = parameter
  }

  public var name: String { function.rawValue }

  /// The input's shape and type; `bool` for the tests.
  public func outputSpecs(for inputs: [TensorSpec]) throws(ShapeError) -> [TensorSpec] {
    let input = inputs[0]
    let fits: Bool
    switch function {
    case .not: fits = input.dtype == .bool
    case .isNaN, .isFinite: fits = input.dtype.isDifferentiable
    case .negate, .abs, .sign, .square, .round, .floor, .ceil:
      fits = input.dtype.isDifferentiable || input.dtype.isInteger
    default: fits = input.dtype.isDifferentiable
    }
    guard fits else { throw ShapeError(name, inputs, "it is not defined for \(input.dtype.name); cast the operand") }
    return [TensorSpec(input.shape, function == .isNaN || function == .isFinite ? .bool : input.dtype)]
  }

  public func evaluate(_ inputs: [Tensor], _ specs: [TensorSpec]) -> [Tensor]? {
    let x = inputs[0].contiguous()
    let y = Tensor(uninitialized: specs[0])
    return run(x, y) ? [y] : nil
  }

  /// The result for contiguous floats, without allocating arrays; nil for other operands.
  func quickly(_ x: Tensor) -> Tensor? {
    guard x.isContiguous, x.dtype.isDifferentiable, function != .isNaN, function != .isFinite else { return nil }
    let y = Tensor(uninitializedLike: x, x.dtype)
    return run(x, y) ? y : nil
  }

  private func run(_ x: Tensor, _ y: Tensor) -> Bool {
    aviary_unary(function.code, x.dtype.code, x.elementCount, x.box.pointer, y.box.pointer, parameter)
  }
}

extension Unary.Function {
  var code: aviary_unary_op {
    switch self {
    case .negate: AVIARY_UNARY_NEGATE
    case .abs: AVIARY_UNARY_ABS
    case .sign: AVIARY_UNARY_SIGN
    case .reciprocal: AVIARY_UNARY_RECIPROCAL
    case .square: AVIARY_UNARY_SQUARE
    case .round: AVIARY_UNARY_ROUND
    case .floor: AVIARY_UNARY_FLOOR
    case .ceil: AVIARY_UNARY_CEIL
    case .sqrt: AVIARY_UNARY_SQRT
    case .rsqrt: AVIARY_UNARY_RSQRT
    case .exp: AVIARY_UNARY_EXP
    case .expm1: AVIARY_UNARY_EXPM1
    case .log: AVIARY_UNARY_LOG
    case .log1p: AVIARY_UNARY_LOG1P
    case .sin: AVIARY_UNARY_SIN
    case .cos: AVIARY_UNARY_COS
    case .tanh: AVIARY_UNARY_TANH
    case .sigmoid: AVIARY_UNARY_SIGMOID
    case .erf: AVIARY_UNARY_ERF
    case .normalCDF: AVIARY_UNARY_NORMAL_CDF
    case .normalDensity: AVIARY_UNARY_NORMAL_DENSITY
    case .relu: AVIARY_UNARY_RELU
    case .leakyRelu: AVIARY_UNARY_LEAKY_RELU
    case .softplus: AVIARY_UNARY_SOFTPLUS
    case .logSigmoid: AVIARY_UNARY_LOG_SIGMOID
    case .step: AVIARY_UNARY_STEP
    case .not: AVIARY_UNARY_NOT
    case .isNaN: AVIARY_UNARY_IS_NAN
    case .isFinite: AVIARY_UNARY_IS_FINITE
    }
  }
}
