import AviaryKernels

/// z = f(x, k) or f(k, x), element by element, for a number k that takes the operand's type: ``Binary`` without a tensor
/// for the number.
public struct BinaryScalar: Primitive {
  /// Which function.
  public let function: Binary.Function
  /// k.
  public let scalar: Double
  /// Whether the number is the left operand.
  public let isScalarLeft: Bool

  /// An elementwise function of an operand and a number.
  public init(_ function: Binary.Function, scalar: Double, isScalarLeft: Bool = false) {
    self.function = function
    self.scalar = scalar
    self.isScalarLeft = isScalarLeft
  }

  /// The function's name.
  public var name: String { function.rawValue }

  /// The operand's shape; its type, or `bool` for comparisons. Whole numbers take whole numbers.
  public func outputSpecs(for inputs: [TensorSpec]) throws(ShapeError) -> [TensorSpec] {
    let number = TensorSpec([], inputs[0].dtype)
    let specs = try Binary(function).outputSpecs(for: isScalarLeft ? [number, inputs[0]] : [inputs[0], number])
    guard !inputs[0].dtype.isInteger || scalar == scalar.rounded(.towardZero) else {
      throw ShapeError(name, inputs, "the number \(scalar) is no \(inputs[0].dtype.name); cast the tensor")
    }
    return specs
  }

  /// One pass of the kernel.
  public func evaluate(_ inputs: [Tensor], _ specs: [TensorSpec]) -> [Tensor]? {
    let z = Tensor(uninitialized: specs[0])
    return run(inputs[0].contiguous(), z) ? [z] : nil
  }

  /// The result for contiguous floats, found without lists of operands and shapes; nil for other operands.
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
