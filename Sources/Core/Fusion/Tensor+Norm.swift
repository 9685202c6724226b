import AviaryKernels

extension Tensor {
  /// The Euclidean norm √Σx² of all elements, of float32 or float64: 0 of an empty tensor, NaN where an element is, infinite
  /// where one is infinite. Finite elements never overflow.
  ///
  /// One pass without further memory; sums are split by size, so any number of threads gives the same bits.
  public func euclideanNorm(file: StaticString = #fileID, line: UInt = #line) -> Double {
    require(dtype.isDifferentiable, "euclideanNorm() of a tensor \(spec): it is not of float32 or float64", file, line)
    let source = contiguous()
    let sum = source.reduced(AVIARY_REDUCE_SUM_OF_SQUARES)
    if sum.isFinite && (sum > 1e-30 || elementCount == 0) { return sum.squareRoot() }
    // The squares left the type's range, or a number is not finite.
    let least = source.reduced(AVIARY_REDUCE_MIN)
    let largest = Swift.max(source.reduced(AVIARY_REDUCE_MAX), -least)
    if largest == 0 || !largest.isFinite { return largest.isNaN || least.isNaN ? .nan : largest }
    let scaled = source / largest
    return largest * scaled.reduced(AVIARY_REDUCE_SUM_OF_SQUARES).squareRoot()
  }

  /// The Euclidean norm of each column, that is along all axes but the last: [columns]; of float32 or float64, at least
  /// one axis. One pass; squares beyond the type's range give infinity.
  package func columnNorms() -> Tensor {
    require(rank > 0 && dtype.isDifferentiable, "columnNorms() of a tensor \(spec)")
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
