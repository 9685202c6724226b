import AviaryKernels

extension Tensor {
  /// The Euclidean norm √Σx² of all elements, for float32 and float64: 0 for an empty tensor, NaN if an element is NaN,
  /// infinite if one is infinite. Finite elements never overflow.
  ///
  /// One pass without extra memory. Sums are split by size, so the bits do not depend on the number of threads.
  public func euclideanNorm(file: StaticString = #fileID, line: UInt = #line) -> Double {
    require(dtype.isDifferentiable, "euclideanNorm() needs float32 or float64, not \(spec)", file, line)
    let source = contiguous()
    let sum = source.reduced(AVIARY_REDUCE_SUM_OF_SQUARES)
    if sum.isFinite && (sum > 1e-30 || elementCount == 0) { return sum.squareRoot() }
    // The squares left the type's range, or an element is not finite.
    let least = source.reduced(AVIARY_REDUCE_MIN)
    let largest = Swift.max(source.reduced(AVIARY_REDUCE_MAX), -least)
    if largest == 0 || !largest.isFinite { return largest.isNaN || least.isNaN ? .nan : largest }
    let scaled = source / largest
    return largest * scaled.reduced(AVIARY_REDUCE_SUM_OF_SQUARES).squareRoot()
  }

  /// The Euclidean norm of each column, along all axes but the last: [columns]. For float32 and float64 with at least
  /// one axis. One pass; squares beyond the type's range give infinity.
  package func columnNorms() -> Tensor {
    require(
      rank > 0 && dtype.isDifferentiable, "columnNorms() needs at least one axis of float32 or float64, not \(spec)")
    let (source, columns) = (contiguous(), shape[-1])
    let sums = Tensor(uninitialized: [columns], dtype)
    _ = aviary_reduce(
      AVIARY_REDUCE_SUM_OF_SQUARES, dtype.code, 1, shape.dropLast().reduce(1, *), columns, source.pointer, sums.pointer)
    return sums.sqrt()
  }

  private func reduced(_ operation: aviary_reduce_op) -> Double {
    var result = (0.0, 0.0)
    return withUnsafeMutableBytes(of: &result) { memory in
      let start = memory.baseAddress!
      _ = aviary_reduce(operation, dtype.code, 1, elementCount, 1, pointer, start)
      return dtype == .float32 ? Double(start.load(as: Float.self)) : start.load(as: Double.self)
    }
  }
}
