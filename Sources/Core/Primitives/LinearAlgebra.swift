import AviaryKernels

/// The lower triangular L with L·Lᵀ = A, for a symmetric positive definite matrix; NaN throughout where A is not.
public struct Cholesky: Primitive {
  /// `"cholesky"`.
  public let name = "cholesky"

  /// A factorization.
  public init() {}

  /// A square matrix.
  public func outputSpecs(for inputs: [TensorSpec]) throws(ShapeError) -> [TensorSpec] {
    guard inputs[0].shape.rank == 2, inputs[0].shape[0] == inputs[0].shape[1], inputs[0].dtype.isDifferentiable else {
      throw ShapeError(name, inputs, "it takes a square matrix of a floating dtype")
    }
    return inputs
  }

  /// The kernel, on a copy.
  public func evaluate(_ inputs: [Tensor], _ specs: [TensorSpec]) -> [Tensor]? {
    let factor = inputs[0].copied()
    let n = specs[0].shape[0]
    let failed =
      specs[0].dtype == .float32 ? aviary_cholesky_f32(n, factor.floats) : aviary_cholesky_f64(n, factor.doubles)
    return [failed == 0 ? factor : Tensor(repeating: .nan, shape: specs[0].shape, dtype: specs[0].dtype)]
  }
}

/// The X with A·X = B, for a square matrix A; NaN throughout where A is singular.
public struct Solve: Primitive {
  /// `"solve"`.
  public let name = "solve"

  /// A solution by LU factorization with partial pivoting.
  public init() {}

  /// A [n, n] and B [n, columns].
  public func outputSpecs(for inputs: [TensorSpec]) throws(ShapeError) -> [TensorSpec] {
    let (a, b) = (inputs[0], inputs[1])
    guard a.shape.rank == 2, b.shape.rank == 2, a.shape[0] == a.shape[1], a.shape[0] == b.shape[0],
      a.dtype.isDifferentiable, a.dtype == b.dtype
    else { throw ShapeError(name, inputs, "it takes A [n, n] and B [n, columns] of one floating dtype") }
    return [b]
  }

  /// The kernel, on copies.
  public func evaluate(_ inputs: [Tensor], _ specs: [TensorSpec]) -> [Tensor]? {
    let (a, x) = (inputs[0].copied(), inputs[1].copied())
    let (n, columns) = (specs[0].shape[0], specs[0].shape[1])
    let failed =
      a.dtype == .float32
      ? aviary_solve_f32(n, columns, a.floats, x.floats) : aviary_solve_f64(n, columns, a.doubles, x.doubles)
    return [failed == 0 ? x : Tensor(repeating: .nan, shape: specs[0].shape, dtype: specs[0].dtype)]
  }
}

/// The X with T·X = B, or Tᵀ·X = B, for a triangular matrix T; NaN throughout where its diagonal has a zero.
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

  /// T [n, n] and B [n, columns].
  public func outputSpecs(for inputs: [TensorSpec]) throws(ShapeError) -> [TensorSpec] {
    let (t, b) = (inputs[0], inputs[1])
    guard t.shape.rank == 2, b.shape.rank == 2, t.shape[0] == t.shape[1], t.shape[0] == b.shape[0],
      t.dtype.isDifferentiable, t.dtype == b.dtype
    else { throw ShapeError(name, inputs, "it takes T [n, n] and B [n, columns] of one floating dtype") }
    return [b]
  }

  /// The kernel, on a copy of B.
  public func evaluate(_ inputs: [Tensor], _ specs: [TensorSpec]) -> [Tensor]? {
    let (t, x) = (inputs[0].contiguous(), inputs[1].copied())
    let (n, columns) = (specs[0].shape[0], specs[0].shape[1])
    let failed =
      t.dtype == .float32
      ? aviary_triangular_solve_f32(lower, transposing, false, n, columns, t.floats, x.floats)
      : aviary_triangular_solve_f64(lower, transposing, false, n, columns, t.doubles, x.doubles)
    return [failed == 0 ? x : Tensor(repeating: .nan, shape: specs[0].shape, dtype: specs[0].dtype)]
  }
}

/// Keeps a triangle of a square matrix and puts zeros elsewhere.
public struct Triangle: Primitive {
  /// `"triangle"`.
  public let name = "triangle"
  /// Keeps the lower triangle, else the upper; both with the diagonal.
  public let lower: Bool

  /// A triangle of a matrix.
  public init(lower: Bool = true) { self.lower = lower }

  /// A square matrix.
  public func outputSpecs(for inputs: [TensorSpec]) throws(ShapeError) -> [TensorSpec] {
    guard inputs[0].shape.rank == 2, inputs[0].dtype.isDifferentiable else {
      throw ShapeError(name, inputs, "it takes a matrix of a floating dtype")
    }
    return inputs
  }

  /// A product with a mask of ones and zeros.
  public func composition<Value: TensorProtocol>(of inputs: [Value]) -> [Value]? {
    let (rows, columns) = (inputs[0].shape[0], inputs[0].shape[1])
    let i = Tensor.range(to: Double(rows), dtype: .float64).reshaped(to: [rows, 1])
    let j = Tensor.range(to: Double(columns), dtype: .float64).reshaped(to: [1, columns])
    let mask = Value(lower ? j .<= i : j .>= i)
    return [Value.where(mask, inputs[0], inputs[0].constant(0))]
  }
}
