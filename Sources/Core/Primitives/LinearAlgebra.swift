import AviaryKernels

/// The lower triangular L with L·Lᵀ = A, for symmetric positive definite matrices [..., n, n]; all NaN for another
/// matrix. Reads only the lower triangle.
public struct Cholesky: Primitive {
  public let name = "cholesky"

  public init() {}

  /// Requires square matrices.
  public func outputSpecs(for inputs: [TensorSpec]) throws(ShapeError) -> [TensorSpec] {
    let shape = inputs[0].shape
    guard shape.rank >= 2, shape[-1] == shape[-2], inputs[0].dtype.isDifferentiable else {
      throw ShapeError(name, inputs, "it needs square matrices of a floating-point dtype")
    }
    return inputs
  }

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

/// The X with A·X = B, for square matrices A, by LU factorization with partial pivoting; all NaN if A is singular.
public struct Solve: Primitive {
  public let name = "solve"

  public init() {}

  /// Requires A [..., n, n] and B [..., n, columns] with equal leading axes.
  public func outputSpecs(for inputs: [TensorSpec]) throws(ShapeError) -> [TensorSpec] {
    try linearSystem(name, inputs)
  }

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

/// The X with T·X = B, or Tᵀ·X = B, for triangular matrices T; all NaN if the diagonal has a zero.
public struct TriangularSolve: Primitive {
  public let name = "triangularSolve"
  /// Whether to read the lower triangle, otherwise the upper.
  public let lower: Bool
  /// Whether T is used transposed.
  public let transposing: Bool

  public init(lower: Bool = true, transposing: Bool = false) {
    self.lower = lower
    self.transposing = transposing
  }

  /// Requires T [..., n, n] and B [..., n, columns] with equal leading axes.
  public func outputSpecs(for inputs: [TensorSpec]) throws(ShapeError) -> [TensorSpec] {
    try linearSystem(name, inputs)
  }

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
  else { throw ShapeError(name, inputs, "it needs A [..., n, n] and B [..., n, columns] of one floating-point dtype") }
  return [b]
}

extension Tensor {
  /// Runs a kernel in place on each matrix of a new contiguous stack, together with the matrix at the same position of
  /// another stack; if the kernel fails, fills the matrix with NaN.
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

/// Keeps a triangle of matrices [..., rows, columns] and sets the rest to zero.
public struct Triangle: Primitive {
  public let name = "triangle"
  /// Whether to keep the lower triangle, otherwise the upper; both include the diagonal.
  public let lower: Bool

  public init(lower: Bool = true) { self.lower = lower }

  /// Requires matrices.
  public func outputSpecs(for inputs: [TensorSpec]) throws(ShapeError) -> [TensorSpec] {
    guard inputs[0].shape.rank >= 2, inputs[0].dtype.isDifferentiable else {
      throw ShapeError(name, inputs, "it needs matrices of a floating-point dtype")
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
