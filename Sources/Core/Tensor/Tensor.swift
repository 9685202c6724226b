import AviaryKernels

/// An array of numbers with up to eight axes and an element type known at run time.
///
/// ```swift
/// let a = Tensor([[1, 2, 3], [4, 5, 6]], dtype: .float32)     // float32[2, 3]
/// let b = a * 2 + Tensor([10, 20, 30], dtype: .float32)       // broadcasting as in NumPy
/// b.sum(axes: [0])                                            // [30, 54, 78]
/// a.matmul(a.transposed()).scalars(as: Float.self)            // [14, 32, 32, 77]
/// ```
///
/// A tensor is a value: a copy is independent of its original, and memory is shared until one of them is written (copy
/// on write). Slices, transposes and broadcasts are views without a copy. Memory comes from a pool, so that repeated
/// steps allocate nothing from the system. Tensors are `Sendable`.
///
/// Operations are those of ``TensorProtocol``, which `Variable` (in AviaryAutograd) also has. Operands that do not fit
/// are a programmer's mistake and trap with the operation, the shapes, the rule and the caller's file and line.
public struct Tensor: Sendable {
  package var box: TensorBox

  package init(box: TensorBox) { self.box = box }

  /// Uninitialized memory, which the caller must fill.
  package init(uninitialized spec: TensorSpec, _ file: StaticString = #fileID, _ line: UInt = #line) {
    box = TensorBox(uninitialized: spec, file, line)
  }

  package init(uninitialized shape: Shape, _ dtype: DType, _ file: StaticString = #fileID, _ line: UInt = #line) {
    box = TensorBox(uninitialized: TensorSpec(shape, dtype), file, line)
  }

  /// Uninitialized memory with a contiguous tensor's shape, which the caller must fill.
  init(uninitializedLike other: Tensor, _ dtype: DType) { box = TensorBox(uninitializedLike: other.box, dtype) }

  /// The lengths of the axes.
  public var shape: Shape { box.shape }
  /// The type of the elements.
  public var dtype: DType { box.dtype }
  /// Shape and type.
  public var spec: TensorSpec { TensorSpec(box.shape, box.dtype) }
  /// The number of axes.
  public var rank: Int { box.shape.rank }
  /// The number of elements.
  public var elementCount: Int { box.elementCount }
  /// Whether the elements are in row-major order without gaps.
  public var isContiguous: Bool { box.isContiguous }

  /// Whether two tensors have the same shape and type.
  package func hasSpec(of other: Tensor) -> Bool {
    box === other.box || (box.dtype == other.box.dtype && box.shape == other.box.shape)
  }

  /// The same values in row-major order: the tensor itself if it is contiguous, otherwise a copy.
  public func contiguous() -> Tensor { box.isContiguous ? self : copied() }

  /// A copy with its own memory.
  func copied() -> Tensor {
    let result = Tensor(uninitialized: spec)
    box.shape.withDimensions { dimensions in
      box.strides.withPointer { strides in
        aviary_copy_strided(dtype.byteCount, rank, dimensions, box.pointer, strides, result.box.pointer)
      }
    }
    return result
  }

  /// The elements' memory; the tensor must be contiguous.
  package var pointer: UnsafeMutableRawPointer {
    assert(box.isContiguous, "needs a contiguous tensor")
    return box.pointer
  }

  /// Makes the memory uniquely owned, as required before writing in place.
  package mutating func makeUnique() {
    if box.base != nil || !isKnownUniquelyReferenced(&box) { self = copied() }
  }

  /// A view of the same memory with another shape, strides and start.
  package func view(_ shape: Shape, strides: Inline8, offset: Int = 0) -> Tensor {
    Tensor(box: TensorBox(viewing: box, shape: shape, strides: strides, offset: offset))
  }

  /// A view of `shape.elementCount` consecutive elements of a contiguous tensor, starting at `offset`, whatever its
  /// axes. Traps if the range exceeds the tensor.
  public func flatView(from offset: Int, shape: Shape, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    require(isContiguous, "a flat view needs a contiguous tensor", file, line)
    require(
      offset >= 0 && offset <= elementCount && shape.checkedElementCount.map { $0 <= elementCount - offset } == true,
      "a flat view \(shape) at \(offset) does not fit into the tensor \(spec)", file, line)
    return view(shape, strides: shape.contiguousStrides, offset: offset)
  }

  /// Lends `count` consecutive elements of a contiguous tensor as a vector, changed in place if the body writes the
  /// vector in place. Traps if the range exceeds the tensor.
  package mutating func withFlatPiece<Result>(
    from offset: Int, count: Int, _ body: (inout Tensor) throws -> Result
  ) rethrows -> Result {
    require(
      isContiguous && count >= 0 && 0...elementCount ~= offset && count <= elementCount - offset,
      "a piece of \(count) elements at \(offset) does not fit into the tensor \(spec)")
    makeUnique()
    var piece = Tensor(box: TensorBox(lending: box, from: offset, count: count))
    // Weak, because another owner would make the body's first write a copy.
    weak var lent: TensorBox?
    lent = piece.box
    defer {
      require(piece.elementCount == count, "a piece of \(count) elements was changed to \(piece.spec)")
      let replacement = piece.box === lent ? nil : piece
      piece = self
      if var lent { TensorBox.endLoan(of: &lent, to: box) }
      if let replacement { replace(from: offset, with: replacement) }
    }
    return try body(&piece)
  }
}
