import AviaryKernels

/// y = f(x), element by element.
public struct Unary: Primitive {
  /// The functions.
  public enum Function: String, Sendable, CaseIterable {
    case negate, abs, sign, reciprocal, square, round, floor, ceil, sqrt, rsqrt
    case exp, expm1, log, log1p, sin, cos, tanh, sigmoid, erf
    case relu, leakyRelu, softplus, logSigmoid, step
    case not, isNaN, isFinite
  }

  /// Which function.
  public let function: Function
  /// The slope below zero of `leakyRelu`; 0 for the others.
  public let parameter: Double

  /// An elementwise function.
  public init(_ function: Function, parameter: Double = 0) {
    self.function = function
    self.parameter = parameter
  }

  /// The function's name.
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

  /// One pass of the kernel.
  public func evaluate(_ inputs: [Tensor], _ specs: [TensorSpec]) -> [Tensor]? {
    let x = inputs[0].contiguous()
    let y = Tensor(uninitialized: specs[0])
    let done = aviary_unary(function.code, x.dtype.code, x.elementCount, x.box.pointer, y.box.pointer, parameter)
    return done ? [y] : nil
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

/// z = f(x, y), element by element, with broadcasting.
public struct Binary: Primitive {
  /// The functions.
  public enum Function: String, Sendable, CaseIterable {
    case add, subtract, multiply, divide, mod, integerDivide, pow, minimum, maximum
    case equal, notEqual, less, lessEqual, greater, greaterEqual
    case logicalAnd, logicalOr, logicalXor

    /// True of the functions that answer yes or no.
    public var isComparison: Bool {
      switch self {
      case .equal, .notEqual, .less, .lessEqual, .greater, .greaterEqual: true
      default: false
      }
    }
  }

  /// Which function.
  public let function: Function

  /// An elementwise function of two operands.
  public init(_ function: Function) { self.function = function }

  /// The function's name.
  public var name: String { function.rawValue }

  /// The broadcast shape; both operands' type, or `bool` for comparisons.
  public func outputSpecs(for inputs: [TensorSpec]) throws(ShapeError) -> [TensorSpec] {
    let (left, right) = (inputs[0], inputs[1])
    guard left.dtype == right.dtype else {
      throw ShapeError(name, inputs, "both operands have the same dtype; use cast(to:) on one")
    }
    let fits: Bool
    switch function {
    case .logicalAnd, .logicalOr, .logicalXor: fits = left.dtype == .bool
    case .divide, .pow: fits = left.dtype.isDifferentiable
    case .integerDivide: fits = left.dtype.isInteger
    case .equal, .notEqual: fits = left.dtype.isDifferentiable || left.dtype.isInteger || left.dtype == .bool
    default: fits = left.dtype.isDifferentiable || left.dtype.isInteger
    }
    guard fits else { throw ShapeError(name, inputs, "it is not defined for \(left.dtype.name); cast the operands") }
    guard let shape = left.shape.broadcast(with: right.shape) else {
      throw ShapeError(name, inputs, "the shapes do not broadcast: axes, counted from the last, are equal or 1")
    }
    return [TensorSpec(shape, function.isComparison ? .bool : left.dtype)]
  }

  /// One pass of the kernel over both operands' strides.
  public func evaluate(_ inputs: [Tensor], _ specs: [TensorSpec]) -> [Tensor]? {
    let (x, y) = (inputs[0], inputs[1])
    let shape = specs[0].shape
    let z = Tensor(uninitialized: specs[0])
    let (xStrides, yStrides) = (x.strides(broadcastTo: shape), y.strides(broadcastTo: shape))
    let done = shape.withDimensions { dimensions in
      xStrides.withPointer { xStrides in
        yStrides.withPointer { yStrides in
          aviary_binary(
            function.code, x.dtype.code, shape.rank, dimensions, x.box.pointer, xStrides, y.box.pointer, yStrides,
            z.box.pointer)
        }
      }
    }
    return done ? [z] : nil
  }
}

extension Binary.Function {
  var code: aviary_binary_op {
    switch self {
    case .add: AVIARY_BINARY_ADD
    case .subtract: AVIARY_BINARY_SUBTRACT
    case .multiply: AVIARY_BINARY_MULTIPLY
    case .divide: AVIARY_BINARY_DIVIDE
    case .mod: AVIARY_BINARY_FLOOR_MOD
    case .integerDivide: AVIARY_BINARY_INTEGER_DIVIDE
    case .pow: AVIARY_BINARY_POW
    case .minimum: AVIARY_BINARY_MINIMUM
    case .maximum: AVIARY_BINARY_MAXIMUM
    case .equal: AVIARY_BINARY_EQUAL
    case .notEqual: AVIARY_BINARY_NOT_EQUAL
    case .less: AVIARY_BINARY_LESS
    case .lessEqual: AVIARY_BINARY_LESS_EQUAL
    case .greater: AVIARY_BINARY_GREATER
    case .greaterEqual: AVIARY_BINARY_GREATER_EQUAL
    case .logicalAnd: AVIARY_BINARY_LOGICAL_AND
    case .logicalOr: AVIARY_BINARY_LOGICAL_OR
    case .logicalXor: AVIARY_BINARY_LOGICAL_XOR
    }
  }
}

extension Tensor {
  /// Strides under which the tensor reads as one of the greater shape: 0 along the axes it is repeated over.
  func strides(broadcastTo target: Shape) -> Inline8 {
    if target == shape { return box.strides }
    var result = Inline8()
    let lead = target.rank - rank
    for axis in 0..<rank where shape[axis] != 1 { result[axis + lead] = box.strides[axis] }
    return result
  }
}

/// Elements of x where the condition holds, of y elsewhere; all three broadcast.
public struct Select: Primitive {
  /// `"where"`.
  public let name = "where"

  /// A choice between two tensors.
  public init() {}

  /// Condition `bool`, x and y of one type; the broadcast shape.
  public func outputSpecs(for inputs: [TensorSpec]) throws(ShapeError) -> [TensorSpec] {
    guard inputs[0].dtype == .bool, inputs[1].dtype == inputs[2].dtype else {
      throw ShapeError(name, inputs, "the condition is bool and the two choices have the same dtype")
    }
    guard let choices = inputs[1].shape.broadcast(with: inputs[2].shape),
      let shape = choices.broadcast(with: inputs[0].shape)
    else { throw ShapeError(name, inputs, "the shapes do not broadcast") }
    return [TensorSpec(shape, inputs[1].dtype)]
  }

  /// One pass of the kernel.
  public func evaluate(_ inputs: [Tensor], _ specs: [TensorSpec]) -> [Tensor]? {
    let shape = specs[0].shape
    let result = Tensor(uninitialized: specs[0])
    let (condition, x, y) = (inputs[0], inputs[1], inputs[2])
    shape.withDimensions { dimensions in
      condition.strides(broadcastTo: shape).withPointer { conditionStrides in
        x.strides(broadcastTo: shape).withPointer { xStrides in
          y.strides(broadcastTo: shape).withPointer { yStrides in
            aviary_select(
              x.dtype.code, shape.rank, dimensions, condition.box.pointer.assumingMemoryBound(to: Bool.self),
              conditionStrides, x.box.pointer, xStrides, y.box.pointer, yStrides, result.box.pointer)
          }
        }
      }
    }
    return [result]
  }
}

/// The same numbers in another element type.
public struct Cast: Primitive {
  /// `"cast"`.
  public let name = "cast"
  /// The type to convert to.
  public let dtype: DType

  /// A conversion.
  public init(to dtype: DType) { self.dtype = dtype }

  /// The same shape.
  public func outputSpecs(for inputs: [TensorSpec]) throws(ShapeError) -> [TensorSpec] {
    [TensorSpec(inputs[0].shape, dtype)]
  }

  /// One pass; the tensor itself where the type is its own.
  public func evaluate(_ inputs: [Tensor], _ specs: [TensorSpec]) -> [Tensor]? {
    if inputs[0].dtype == dtype { return inputs }
    let x = inputs[0].contiguous()
    let y = Tensor(uninitialized: specs[0])
    aviary_cast(x.dtype.code, dtype.code, x.elementCount, x.box.pointer, y.box.pointer)
    return [y]
  }
}
