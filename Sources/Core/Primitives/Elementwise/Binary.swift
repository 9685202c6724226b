import AviaryKernels

/// Applies a function of two operands element-wise, with broadcasting.
public struct Binary: Primitive {
  public enum Function: String, Sendable, CaseIterable {
    case add, subtract, multiply, divide, mod, integerDivide, pow, minimum, maximum
    case equal, notEqual, less, lessEqual, greater, greaterEqual
    case logicalAnd, logicalOr, logicalXor

    /// Whether the function is a comparison.
    public var isComparison: Bool {
      switch self {
      case .equal, .notEqual, .less, .lessEqual, .greater, .greaterEqual: true
      default: false
      }
    }
  }

  public let function: Function

  public init(_ function: Function) { self.function = function }

  public var name: String { function.rawValue }

  /// The broadcast shape; both operands' type, or `bool` for comparisons.
  public func outputSpecs(for inputs: [TensorSpec]) throws(ShapeError) -> [TensorSpec] {
    let (left, right) = (inputs[0], inputs[1])
    guard left.dtype == right.dtype else {
      throw ShapeError(name, inputs, "both operands must have the same dtype; use cast(to:) on one")
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
      throw ShapeError(name, inputs, "the shapes do not broadcast: axes, counted from the last, must be equal or 1")
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

  /// The result for contiguous floats of one shape, without allocating arrays; nil for other operands.
  func quickly(_ x: Tensor, _ y: Tensor) -> Tensor? {
    guard x.isContiguous, y.isContiguous, x.dtype == y.dtype, x.dtype.isDifferentiable, function != .integerDivide,
      x.box === y.box || x.shape == y.shape
    else { return nil }
    let z = Tensor(uninitializedLike: x, function.isComparison ? .bool : x.dtype)
    return run(x.dtype, x.box.pointer, 1, y.box.pointer, 1, z) ? z : nil
  }

  /// One pass over operands that are contiguous (step 1) or a single number (step 0).
  func run(
    _ dtype: DType, _ x: UnsafeRawPointer, _ xStep: Int, _ y: UnsafeRawPointer, _ yStep: Int, _ z: Tensor
  ) -> Bool {
    aviary_binary_flat(function.code, dtype.code, z.elementCount, x, xStep, y, yStep, z.box.pointer)
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
  /// The strides for reading the tensor with a larger shape: 0 along repeated axes.
  func strides(broadcastTo target: Shape) -> Inline8 {
    if target == shape { return box.strides }
    var result = Inline8()
    let lead = target.rank - rank
    for axis in 0..<rank where shape[axis] != 1 { result[axis + lead] = box.strides[axis] }
    return result
  }
}
