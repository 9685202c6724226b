import AviaryKernels

/// The storage of a ``Tensor``: memory it owns, a view of another's memory, or memory lent to it. Never changed once it
/// is shared.
package final class TensorBox: @unchecked Sendable {
  // @unchecked: the memory is written only while a single reference to the box exists (``Tensor/makeUnique()``).
  let pointer: UnsafeMutableRawPointer
  /// The owner of the viewed memory; nil if the box owns it or may write it as if it did.
  private(set) var base: TensorBox?
  private let isLent: Bool
  let shape: Shape
  /// Strides along each axis, in elements; 0 along a broadcast axis.
  let strides: Inline8
  let dtype: DType
  /// Whether the elements are row-major without gaps.
  let isContiguous: Bool
  let elementCount: Int

  /// Uninitialized memory from the pool.
  init(uninitialized spec: TensorSpec, _ file: StaticString, _ line: UInt) {
    guard let count = spec.shape.checkedElementCount else {
      trap("a tensor \(spec) has too many elements", file, line)
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

  /// Uninitialized memory for the shape of a contiguous tensor.
  init(uninitializedLike other: TensorBox, _ dtype: DType) {
    assert(other.isContiguous, "needs a contiguous tensor")
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
    // The system may grant more than the available memory, and then kill the process when it is used.
    let isPossible = !overflow && (bytes < 1 << 30 || bytes <= MemoryLimit.byteCount)
    guard isPossible, let memory = aviary_allocate(bytes) else {
      let size = overflow ? "too many bytes to count" : "\(bytes) bytes"
      trap(
        "out of memory: a tensor \(TensorSpec(shape, dtype)) needs \(size), but there are \(MemoryLimit.byteCount); "
          + "use fewer rows at once, smaller inputs or smaller layers", file, line)
    }
    return memory
  }

  /// A view of `other`'s memory, starting at `offset` elements.
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

  /// Lends `count` consecutive elements of `other`'s memory to a vector, which may write them as long as nothing else
  /// reads or writes `other`, until ``endLoan(of:to:)``.
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

  /// Turns the box into a view, for any remaining owner.
  static func endLoan(of box: inout TensorBox, to lender: TensorBox) {
    if !isKnownUniquelyReferenced(&box) { box.base = lender }
  }

  deinit {
    if base == nil && !isLent { aviary_deallocate(pointer, elementCount * dtype.byteCount) }
  }
}
