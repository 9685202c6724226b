import AviaryKernels

/// The matrix product C = op(A)·op(B) over the last two axes, where op may transpose; leading axes broadcast.
public struct MatMul: Primitive {
  public let name = "matmul"
  /// Whether the left operand is used transposed.
  public let transposingLeft: Bool
  /// Whether the right operand is used transposed.
  public let transposingRight: Bool

  public init(transposingLeft: Bool = false, transposingRight: Bool = false) {
    self.transposingLeft = transposingLeft
    self.transposingRight = transposingRight
  }

  /// [..., m, k]·[..., k, n] → [..., m, n].
  public func outputSpecs(for inputs: [TensorSpec]) throws(ShapeError) -> [TensorSpec] {
    let (left, right) = (inputs[0], inputs[1])
    guard left.dtype == right.dtype else {
      throw ShapeError(name, inputs, "both operands must have the same dtype; use cast(to:) on one")
    }
    switch left.dtype {
    case .float32, .float64, .int32, .int64: break
    default: throw ShapeError(name, inputs, "it is not defined for \(left.dtype.name); cast the operands")
    }
    guard left.shape.rank >= 2, right.shape.rank >= 2 else {
      throw ShapeError(name, inputs, "both operands must have at least two axes; reshape a vector to one row or column")
    }
    let (m, k) = transposingLeft ? (left.shape[-1], left.shape[-2]) : (left.shape[-2], left.shape[-1])
    let (k2, n) = transposingRight ? (right.shape[-1], right.shape[-2]) : (right.shape[-2], right.shape[-1])
    guard k == k2 else { throw ShapeError(name, inputs, "the inner dimensions must agree, but are \(k) and \(k2)") }
    if left.shape.rank == 2, right.shape.rank == 2 { return [TensorSpec([m, n], left.dtype)] }
    let leftLead = Shape(left.shape.dropLast(2))
    guard var shape = leftLead.broadcast(with: Shape(right.shape.dropLast(2))) else {
      throw ShapeError(name, inputs, "the leading axes do not broadcast")
    }
    guard shape.rank + 2 <= Shape.maximumRank else { throw ShapeError(name, inputs, "the result has too many axes") }
    shape.append(m)
    shape.append(n)
    return [TensorSpec(shape, left.dtype)]
  }

  /// One packed product per matrix pair; transposed views are read without a copy.
  public func evaluate(_ inputs: [Tensor], _ specs: [TensorSpec]) -> [Tensor]? {
    let shape = specs[0].shape
    let result = Tensor(uninitialized: specs[0])
    let left = MatrixOperand(inputs[0], transposed: transposingLeft)
    let right = MatrixOperand(inputs[1], transposed: transposingRight)
    let (m, n) = (shape[-2], shape[-1])
    let k = transposingLeft ? inputs[0].shape[-2] : inputs[0].shape[-1]
    if shape.rank == 2 {
      let (a, b) = (left.tensor.box.pointer, right.tensor.box.pointer)
      multiply(specs[0].dtype, left, a, right, b, result.box.pointer, (m, n, k))
      return [result]
    }
    let lead = Shape(shape.dropLast(2))
    let item = specs[0].dtype.byteCount
    let leftOffsets = left.tensor.offsets(broadcastTo: lead)
    let rightOffsets = right.tensor.offsets(broadcastTo: lead)
    for matrix in 0..<lead.elementCount {
      multiply(
        specs[0].dtype, left, left.tensor.box.pointer + leftOffsets[matrix] * item,
        right, right.tensor.box.pointer + rightOffsets[matrix] * item,
        result.box.pointer + matrix * m * n * item, (m, n, k))
    }
    return [result]
  }

  private func multiply(
    _ dtype: DType, _ left: MatrixOperand, _ a: UnsafeMutableRawPointer, _ right: MatrixOperand,
    _ b: UnsafeMutableRawPointer, _ c: UnsafeMutableRawPointer, _ size: (m: Int, n: Int, k: Int)
  ) {
    let (m, n, k) = size
    switch dtype {
    case .float32:
      aviary_gemm_f32(
        left.isTransposed, right.isTransposed, m, n, k, a.assumingMemoryBound(to: Float.self), left.rowStride,
        b.assumingMemoryBound(to: Float.self), right.rowStride, c.assumingMemoryBound(to: Float.self), n, nil)
    case .float64:
      aviary_gemm_f64(
        left.isTransposed, right.isTransposed, m, n, k, a.assumingMemoryBound(to: Double.self), left.rowStride,
        b.assumingMemoryBound(to: Double.self), right.rowStride, c.assumingMemoryBound(to: Double.self), n, nil)
    case .int32:
      aviary_gemm_i32(
        left.isTransposed, right.isTransposed, m, n, k, a.assumingMemoryBound(to: Int32.self), left.rowStride,
        b.assumingMemoryBound(to: Int32.self), right.rowStride, c.assumingMemoryBound(to: Int32.self), n, false)
    default:
      aviary_gemm_i64(
        left.isTransposed, right.isTransposed, m, n, k, a.assumingMemoryBound(to: Int64.self), left.rowStride,
        b.assumingMemoryBound(to: Int64.self), right.rowStride, c.assumingMemoryBound(to: Int64.self), n, false)
    }
  }
}

/// A matrix or stack of matrices for the product's kernel: rows with a stride, or columns with one.
private struct MatrixOperand {
  let tensor: Tensor
  let isTransposed: Bool
  let rowStride: Int

  init(_ tensor: Tensor, transposed: Bool) {
    let rows = tensor.shape[-2]
    let columns = tensor.shape[-1]
    let rowStep = tensor.box.strides[tensor.rank - 2]
    let columnStep = tensor.box.strides[tensor.rank - 1]
    if (columnStep == 1 || columns == 1) && (rowStep >= columns || rows == 1) {
      (self.tensor, isTransposed, rowStride) = (tensor, transposed, max(rowStep, columns))
    } else if (rowStep == 1 || rows == 1) && (columnStep >= rows || columns == 1) {
      (self.tensor, isTransposed, rowStride) = (tensor, !transposed, max(columnStep, rows))
    } else {
      (self.tensor, isTransposed, rowStride) = (tensor.contiguous(), transposed, columns)
    }
  }
}

extension Tensor {
  /// The offset of each matrix's first element, in elements, for a stack of shape `lead`.
  fileprivate func offsets(broadcastTo lead: Shape) -> [Int] {
    var offsets = [0]
    offsets.reserveCapacity(lead.elementCount)
    let missing = lead.rank - (rank - 2)
    for axis in 0..<lead.rank {
      let own = axis - missing
      let step = own >= 0 && shape[own] != 1 ? box.strides[own] : 0
      offsets = offsets.flatMap { start in (0..<lead[axis]).map { start + $0 * step } }
    }
    return offsets
  }
}
