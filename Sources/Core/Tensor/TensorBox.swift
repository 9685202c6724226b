import AviaryKernels

/// What a ``Tensor`` refers to: memory it owns, a view into the memory of another, or memory that is lent to it. Never
/// changed once it is shared.
package final class TensorBox: @unchecked Sendable {
  // @unchecked: the pointer's memory is written only while one reference to the box exists (``Tensor/makeUnique()``).
  let pointer: UnsafeMutableRawPointer
  /// The owner of the memory that this views; nil where the box owns it, or may write it as if it did.
  private(set) var base: TensorBox?
  private let isLent: Bool
  let shape: Shape
  /// Steps between neighbours along each axis, in elements; 0 along a broadcast axis.
  let strides: Inline8
  let dtype: DType
  /// Row-major without gaps.
  let isContiguous: Bool
  let elementCount: Int

  /// Fresh memory from the pool, not initialized.
  init(uninitialized spec: TensorSpec, _ file: StaticString, _ line: UInt) {
    guard let count = spec.shape.checkedElementCount else {
      trap("a tensor \(spec) has more elements than can be counted", file, line)
    }
    shape = spec.shape
    dtype = spec.dtype
    strides = spec.shape.contiguousStrides
    isContiguous = true
    base = nil
    isLent = false
    elementCount = count
    pointer = TensorBox.allocate(spec.shape, count, spec.dtype, file, line)
  }

  /// Fresh memory for the shape of a contiguous tensor, not initialized.
  init(uninitializedLike other: TensorBox, _ dtype: DType) {
    assert(other.isContiguous, "the strides of a tensor with gaps")
    shape = other.shape
    self.dtype = dtype
    strides = other.strides
    isContiguous = true
    base = nil
    isLent = false
    elementCount = other.elementCount
    pointer = TensorBox.allocate(shape, elementCount, dtype)
  }

  private static func allocate(
    _ shape: Shape, _ count: Int, _ dtype: DType, _ file: StaticString = #fileID, _ line: UInt = #line
  ) -> UnsafeMutableRawPointer {
    let (bytes, overflow) = count.multipliedReportingOverflow(by: dtype.byteCount)
    // What is larger than the memory may be given out all the same, and end the process without a word when it is used.
    let isPossible = !overflow && (bytes < 1 << 30 || bytes <= MemoryLimit.byteCount)
    guard isPossible, let memory = aviary_allocate(bytes) else {
      let size = overflow ? "more bytes than can be counted" : "\(bytes) bytes"
      trap(
        "out of memory: a tensor \(TensorSpec(shape, dtype)) takes \(size), and there are \(MemoryLimit.byteCount); "
          + "take fewer rows at once, smaller inputs or smaller layers", file, line)
    }
    return memory
  }

  /// A view of `other`'s memory from `offset` elements on.
  init(viewing other: TensorBox, shape: Shape, strides: Inline8, offset: Int) {
    self.shape = shape
    self.strides = strides
    dtype = other.dtype
    base = other.base ?? other
    isLent = false
    pointer = other.pointer + offset * other.dtype.byteCount
    elementCount = shape.elementCount
    var expected = 1
    var contiguous = true
    for axis in stride(from: shape.rank - 1, through: 0, by: -1) where shape[axis] != 1 {
      if strides[axis] != expected { contiguous = false }
      expected = expected &* shape[axis]
    }
    isContiguous = contiguous || elementCount == 0
  }

  /// Lends `count` neighbouring elements of `other`'s memory to a vector, which may write them: for as long as nothing else
  /// reads or writes `other`, and until ``endLoan(of:to:)``.
  init(lending other: TensorBox, from offset: Int, count: Int) {
    shape = [count]
    strides = shape.contiguousStrides
    dtype = other.dtype
    isContiguous = true
    base = nil
    isLent = true
    elementCount = count
    pointer = other.pointer + offset * other.dtype.byteCount
  }

  /// For whoever kept the box in the meantime, it is a view from now on.
  static func endLoan(of box: inout TensorBox, to lender: TensorBox) {
    if !isKnownUniquelyReferenced(&box) { box.base = lender }
  }

  deinit {
    if base == nil && !isLent { aviary_deallocate(pointer, elementCount * dtype.byteCount) }
  }
}
