import AviaryKernels

extension Tensor {
  /// A tensor from a scalar or a nested array: `Tensor([[1, 2], [3, 4]], dtype: .float32)`.
  ///
  /// The element type is that of the Swift scalars (`Int` gives int64, `Double` float64) unless `dtype` names another.
  /// Traps on ragged nesting.
  public init(
    _ values: some TensorConvertible, dtype: DType? = nil, file: StaticString = #fileID, line: UInt = #line
  ) {
    self.init(nested: values, dtype: dtype, file, line)
  }

  private init<Values: TensorConvertible>(nested values: Values, dtype: DType?, _ file: StaticString, _ line: UInt) {
    let shape = values.nestedShape
    var scalars: [Values.Scalar] = []
    guard values.appendScalars(to: &scalars, shape: shape[...]) else {
      trap("the rows of a nested array differ in length; the first ones have the shape \(shape)", file, line)
    }
    let native = Tensor(scalars, shape: Shape(shape), file: file, line: line)
    self = dtype.map { native.cast(to: $0) } ?? native
  }

  /// A tensor of the given shape from scalars in row-major order. Traps if their number differs.
  public init<Scalar: TensorScalar>(
    _ scalars: [Scalar], shape: Shape, file: StaticString = #fileID, line: UInt = #line
  ) {
    guard scalars.count == shape.checkedElementCount else {
      trap("\(scalars.count) scalars do not fill the shape \(shape)", file, line)
    }
    self.init(uninitialized: shape, Scalar.dtype)
    scalars.withUnsafeBytes { bytes in
      if let source = bytes.baseAddress { box.pointer.copyMemory(from: source, byteCount: bytes.count) }
    }
  }

  /// A tensor from bytes in row-major and native byte order. Traps if their number differs.
  public init(
    bytes: UnsafeRawBufferPointer, shape: Shape, dtype: DType, file: StaticString = #fileID, line: UInt = #line
  ) {
    let spec = TensorSpec(shape, dtype)
    let count = shape.checkedElementCount.map { $0.multipliedReportingOverflow(by: dtype.byteCount) }
    require(
      count.map { $0 == (bytes.count, false) } == true, "\(bytes.count) bytes do not fill a tensor \(spec)", file, line)
    self.init(uninitialized: spec)
    if let source = bytes.baseAddress { box.pointer.copyMemory(from: source, byteCount: bytes.count) }
  }

  /// A tensor with every element equal to `value`, converted to `dtype`.
  public init(
    repeating value: Double, shape: Shape, dtype: DType = .float32, file: StaticString = #fileID, line: UInt = #line
  ) {
    self.init(uninitialized: shape, dtype, file, line)
    var constant = value
    withUnsafeTemporaryAllocation(byteCount: 8, alignment: 8) { scalar in
      aviary_cast(DType.float64.code, dtype.code, 1, &constant, scalar.baseAddress!)
      aviary_fill(dtype.code, elementCount, scalar.baseAddress!, box.pointer)
    }
  }

  public static func zeros(
    _ shape: Shape, dtype: DType = .float32, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    let result = Tensor(uninitialized: shape, dtype, file, line)
    result.box.pointer.initializeMemory(as: UInt8.self, repeating: 0, count: result.spec.byteCount)
    return result
  }

  public static func ones(
    _ shape: Shape, dtype: DType = .float32, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor { Tensor(repeating: 1, shape: shape, dtype: dtype, file: file, line: line) }

  /// The numbers `start`, `start + step`, … below `end` (above it for a negative step). Traps on a step of zero, and if
  /// memory is insufficient.
  public static func range(
    from start: Double = 0, to end: Double, step: Double = 1, dtype: DType = .float32, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor {
    require(step != 0, "the step of a range must not be zero", file, line)
    let steps = ((end - start) / step).rounded(.up)
    require(
      steps <= Double(MemoryLimit.byteCount / 8),
      "the range from \(start) to \(end) by \(step) has \(steps) numbers, too many for the memory", file, line)
    let count = Int(Swift.max(0, steps))
    return Tensor((0..<count).map { start + Double($0) * step }, shape: [count]).cast(to: dtype)
  }

  /// `count` evenly spaced numbers from `start` to `end`, both included. Traps on a negative count, and if memory is
  /// insufficient.
  public static func linearSpace(
    from start: Double, to end: Double, count: Int, dtype: DType = .float32, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor {
    require(
      count >= 0 && count <= MemoryLimit.byteCount / 8, "cannot make \(count) numbers from \(start) to \(end)", file,
      line)
    let step = count > 1 ? (end - start) / Double(count - 1) : 0
    return Tensor((0..<count).map { start + Double($0) * step }, shape: [count]).cast(to: dtype)
  }

  /// The identity matrix with n rows. Traps on a negative number.
  public static func identity(
    _ n: Int, dtype: DType = .float32, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    require(n >= 0, "an identity matrix cannot have \(n) rows", file, line)
    var matrix = Tensor.zeros([n, n], dtype: .float64, file: file, line: line)
    matrix.withMutableScalars(as: Double.self) { elements in for row in 0..<n { elements[row * n + row] = 1 } }
    return matrix.cast(to: dtype)
  }
}
