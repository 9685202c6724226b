import AviaryKernels

/// The lower triangular L with L·Lᵀ = A, for symmetric positive definite matrices [..., n, n]; a matrix that is not gives NaN
/// throughout. Only the lower triangle is read.
public struct Cholesky: Primitive {
  /// `"cholesky"`.
  public let name = "cholesky"

  /// A factorization.
  public init() {}

  /// Square matrices.
  public func outputSpecs(for inputs: [TensorSpec]) throws(ShapeError) -> [TensorSpec] {
    let shape = inputs[0].shape
    guard shape.rank >= 2, shape[-1] == shape[-2], inputs[0].dtype.isDifferentiable else {
      throw ShapeError(name, inputs, "it takes square matrices of a floating dtype")
    }
    return inputs
  }

  /// The kernel, matrix by matrix, on a copy.
  public func evaluate(_ inputs: [Tensor], _ specs: [TensorSpec]) -> [Tensor]? {
    let factors = inputs[0].copied()
    let n = specs[0].shape[-1]
    factors.forEachMatrix { matrix in
      specs[0].dtype == .float32
        ? aviary_cholesky_f32(n, matrix.assumingMemoryBound(to: Float.self))
        : aviary_cholesky_f64(n, matrix.assumingMemoryBound(to: Double.self))
    }
    return [factors]
  }
}

/// The X with A·X = B, for square matrices A; a singular matrix gives NaN throughout.
public struct Solve: Primitive {
  /// `"solve"`.
  public let name = "solve"

  /// A solution by LU factorization with partial pivoting.
  public init() {}

  /// A [..., n, n] and B [..., n, columns] with the same leading axes.
  public func outputSpecs(for inputs: [TensorSpec]) throws(ShapeError) -> [TensorSpec] {
    try linearSystem(name, inputs)
  }

  /// The kernel, matrix by matrix, on copies.
  public func evaluate(_ inputs: [Tensor], _ specs: [TensorSpec]) -> [Tensor]? {
    let (a, x) = (inputs[0].copied(), inputs[1].copied())
    let (n, columns) = (specs[0].shape[-2], specs[0].shape[-1])
    x.forEachMatrix(with: a) { right, left in
      a.dtype == .float32
        ? aviary_solve_f32(
          n, columns, left.assumingMemoryBound(to: Float.self), right.assumingMemoryBound(to: Float.self))
        : aviary_solve_f64(
          n, columns, left.assumingMemoryBound(to: Double.self), right.assumingMemoryBound(to: Double.self))
    }
    return [x]
  }
}

/// The X with T·X = B, or Tᵀ·X = B, for triangular matrices T; a zero on the diagonal gives NaN throughout.
public struct TriangularSolve: Primitive {
  /// `"triangularSolve"`.
  public let name = "triangularSolve"
  /// Reads the lower triangle, else the upper.
  public let lower: Bool
  /// Takes T transposed.
  public let transposing: Bool

  /// A substitution.
  public init(lower: Bool = true, transposing: Bool = false) {
    self.lower = lower
    self.transposing = transposing
  }

  /// T [..., n, n] and B [..., n, columns] with the same leading axes.
  public func outputSpecs(for inputs: [TensorSpec]) throws(ShapeError) -> [TensorSpec] {
    try linearSystem(name, inputs)
  }

  /// The kernel, matrix by matrix, on a copy of B.
  public func evaluate(_ inputs: [Tensor], _ specs: [TensorSpec]) -> [Tensor]? {
    let (t, x) = (inputs[0].contiguous(), inputs[1].copied())
    let (n, columns) = (specs[0].shape[-2], specs[0].shape[-1])
    x.forEachMatrix(with: t) { right, left in
      t.dtype == .float32
        ? aviary_triangular_solve_f32(
          lower, transposing, false, n, columns, left.assumingMemoryBound(to: Float.self),
          right.assumingMemoryBound(to: Float.self))
        : aviary_triangular_solve_f64(
          lower, transposing, false, n, columns, left.assumingMemoryBound(to: Double.self),
          right.assumingMemoryBound(to: Double.self))
    }
    return [x]
  }
}

private func linearSystem(_ name: String, _ inputs: [TensorSpec]) throws(ShapeError) -> [TensorSpec] {
  let (a, b) = (inputs[0], inputs[1])
  guard a.shape.rank >= 2, a.shape.rank == b.shape.rank, a.shape[-1] == a.shape[-2],
    a.shape.removing(axis: -1) == b.shape.removing(axis: -1), a.dtype.isDifferentiable, a.dtype == b.dtype
  else { throw ShapeError(name, inputs, "it takes A [..., n, n] and B [..., n, columns] of one floating dtype") }
  return [b]
}

extension Tensor {
  /// Runs a kernel in place on each matrix of a contiguous stack that nobody else has seen yet, beside the matrix of the
  /// same place in another stack; where the kernel reports a failure, the matrix is filled with NaN.
  fileprivate func forEachMatrix(
    with other: Tensor, _ kernel: (UnsafeMutableRawPointer, UnsafeMutableRawPointer) -> Int
  ) {
    let (size, otherSize) = (shape[-1] * shape[-2], other.shape[-1] * other.shape[-2])
    guard size > 0 else { return }
    for matrix in 0..<(elementCount / size) {
      let start = pointer + matrix * size * dtype.byteCount
      if kernel(start, other.pointer + matrix * otherSize * dtype.byteCount) == 0 { continue }
      let failed = Tensor(repeating: .nan, shape: [size], dtype: dtype)
      start.copyMemory(from: failed.pointer, byteCount: size * dtype.byteCount)
    }
  }

  fileprivate func forEachMatrix(_ kernel: (UnsafeMutableRawPointer) -> Int) {
    forEachMatrix(with: self) { matrix, _ in kernel(matrix) }
  }
}

/// Keeps a triangle of matrices [..., rows, columns] and puts zeros elsewhere.
public struct Triangle: Primitive {
  /// `"triangle"`.
  public let name = "triangle"
  /// Keeps the lower triangle, else the upper; both with the diagonal.
  public let lower: Bool

  /// A triangle of a matrix.
  public init(lower: Bool = true) { self.lower = lower }

  /// Matrices.
  public func outputSpecs(for inputs: [TensorSpec]) throws(ShapeError) -> [TensorSpec] {
    guard inputs[0].shape.rank >= 2, inputs[0].dtype.isDifferentiable else {
      throw ShapeError(name, inputs, "it takes matrices of a floating dtype")
    }
    return inputs
  }

  /// A choice between the elements and zeros.
  public func composition<Value: TensorProtocol>(of inputs: [Value]) -> [Value]? {
    let (rows, columns) = (inputs[0].shape[-2], inputs[0].shape[-1])
    let i = Tensor.range(to: Double(rows), dtype: .float64).reshaped(to: [rows, 1])
    let j = Tensor.range(to: Double(columns), dtype: .float64).reshaped(to: [1, columns])
    let mask = Value(lower ? j .<= i : j .>= i)
    return [Value.where(mask, inputs[0], inputs[0].constant(0))]
  }
}
