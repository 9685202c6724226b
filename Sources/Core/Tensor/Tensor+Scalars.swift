import AviaryKernels

extension Tensor {
  /// The elements in row-major order, converted to a Swift type; from float to integer truncates and saturates.
  public func scalars<Scalar: TensorScalar>(as type: Scalar.Type = Scalar.self) -> [Scalar] {
    let source = contiguous()
    return [Scalar](unsafeUninitializedCapacity: elementCount) { buffer, count in
      count = elementCount
      guard count > 0 else { return }
      aviary_cast(dtype.code, Scalar.dtype.code, count, source.box.pointer, buffer.baseAddress!)
    }
  }

  /// The element of a tensor with one element. Traps on any other tensor.
  public func item(
    as type: Double.Type = Double.self, file: StaticString = #fileID, line: UInt = #line
  ) -> Double {
    guard elementCount == 1 else { trap("item() needs a tensor with one element, not \(spec)", file, line) }
    if dtype == .float32 { return Double(box.pointer.load(as: Float.self)) }
    if dtype == .float64 { return box.pointer.load(as: Double.self) }
    return scalars(as: Double.self)[0]
  }

  /// The element at a position.
  public func scalar(at position: Int..., file: StaticString = #fileID, line: UInt = #line) -> Double {
    require(
      position.count == rank, "a position with \(position.count) coordinates does not fit a tensor \(spec)", file, line)
    var offset = 0
    for axis in 0..<rank {
      require(
        position[axis] >= 0 && position[axis] < shape[axis], "there is no position \(position) in a tensor \(spec)",
        file, line)
      offset += position[axis] * box.strides[axis]
    }
    var result = 0.0
    aviary_cast(dtype.code, DType.float64.code, 1, box.pointer + offset * dtype.byteCount, &result)
    return result
  }

  /// Reads the elements' bytes in row-major order.
  public func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
    let source = contiguous()
    return try withExtendedLifetime(source) {
      try body(UnsafeRawBufferPointer(start: source.box.pointer, count: source.spec.byteCount))
    }
  }

  /// Reads the elements in row-major order. Traps unless `type` matches the tensor's.
  public func withScalars<Scalar: TensorScalar, Result>(
    as type: Scalar.Type, _ body: (UnsafeBufferPointer<Scalar>) throws -> Result, file: StaticString = #fileID,
    line: UInt = #line
  ) rethrows -> Result {
    require(type.dtype == dtype, "cannot access \(type.dtype.name) scalars in a tensor \(spec)", file, line)
    return try withBytes { try body($0.assumingMemoryBound(to: Scalar.self)) }
  }

  /// Reads and writes the elements in place, in row-major order. Traps unless `type` matches the tensor's. A tensor
  /// that shares its memory is copied first.
  public mutating func withMutableScalars<Scalar: TensorScalar, Result>(
    as type: Scalar.Type, _ body: (UnsafeMutableBufferPointer<Scalar>) throws -> Result, file: StaticString = #fileID,
    line: UInt = #line
  ) rethrows -> Result {
    require(type.dtype == dtype, "cannot access \(type.dtype.name) scalars in a tensor \(spec)", file, line)
    makeUnique()
    let start = box.pointer.assumingMemoryBound(to: Scalar.self)
    return try body(UnsafeMutableBufferPointer(start: start, count: elementCount))
  }
}

extension Tensor {
  /// Overwrites the elements from `offset` on, in row-major order, with those of another tensor of the same dtype.
  /// Traps if they do not fit. A tensor that shares its memory is copied first.
  public mutating func replace(from offset: Int, with values: Tensor, file: StaticString = #fileID, line: UInt = #line)
  {
    require(values.dtype == dtype, "\(values.spec) cannot replace elements of \(spec)", file, line)
    require(
      offset >= 0 && offset <= elementCount && values.elementCount <= elementCount - offset,
      "\(values.spec) at \(offset) does not fit into \(spec)", file,
      line)
    makeUnique()
    let target = box.pointer + offset * dtype.byteCount
    // The kernel reads strided data directly and splits large copies among the threads.
    values.shape.withDimensions { dimensions in
      values.box.strides.withPointer { strides in
        aviary_copy_strided(dtype.byteCount, values.rank, dimensions, values.box.pointer, strides, target)
      }
    }
  }
}
