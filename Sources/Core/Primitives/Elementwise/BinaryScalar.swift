import AviaryKernels

/// Applies f(x, k) or f(k, x) element-wise, for a number k of the operand's type: ``Binary`` without a tensor for the
/// number.
public struct BinaryScalar: Primitive {
  public let function: Binary.Function
  /// The number k.
  public let scalar: Double
  /// Whether the number is the left operand.
  public let isScalarLeft: Bool

  public init(_ function: Binary.Function, scalar: Double, isScalarLeft: Bool = false) {
    self.function = function
    self.scalar = scalar
    self.isScalarLeft = isScalarLeft
  }

  public var name: String { function.rawValue }

  /// The operand's shape and type, or `bool` for comparisons. Integer operands need an integer number.
  public func outputSpecs(for inputs: [TensorSpec]) throws(ShapeError) -> [TensorSpec] {
    let number = TensorSpec([], inputs[0].dtype)
    let specs = try Binary(function).outputSpecs(for: isScalarLeft ? [number, inputs[0]] : [inputs[0], number])
    guard !inputs[0].dtype.isInteger || scalar == scalar.rounded(.towardZero) else {
      throw ShapeError(name, inputs, "the number \(scalar) is not a valid \(inputs[0].dtype.name); cast the tensor")
    }
    return specs
  }

  public func evaluate(_ inputs: [Tensor], _ specs: [TensorSpec]) -> [Tensor]? {
    let z = Tensor(uninitialized: specs[0])
    return run(inputs[0].contiguous(), z) ? [z] : nil
  }

  /// The result for contiguous floats, without allocating arrays; nil for other operands.
  func quickly(_ x: Tensor) -> Tensor? {
    guard x.isContiguous, x.dtype.isDifferentiable, function != .integerDivide else { return nil }
    let z = Tensor(uninitializedLike: x, function.isComparison ? .bool : x.dtype)
    return run(x, z) ? z : nil
  }

  private func run(_ x: Tensor, _ z: Tensor) -> Bool {
    var bits: UInt64 = 0
    return withUnsafeMutableBytes(of: &bits) { memory in
      let number = memory.baseAddress!
      switch x.dtype {
      case .float32: number.storeBytes(of: Float(scalar), as: Float.self)
      case .float64: number.storeBytes(of: scalar, as: Double.self)
      default: withUnsafePointer(to: scalar) { aviary_cast(DType.float64.code, x.dtype.code, 1, $0, number) }
      }
      return isScalarLeft
        ? Binary(function).run(x.dtype, number, 0, x.box.pointer, 1, z)
        : Binary(function).run(x.dtype, x.box.pointer, 1, number, 0, z)
    }
  }
}
