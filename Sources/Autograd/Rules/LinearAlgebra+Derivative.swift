import AviaryCore

extension Cholesky: DifferentiablePrimitive {
  /// `dA = ½·(S + Sᵀ)` with `S = L⁻ᵀ·Φ(Lᵀ·dL)·L⁻¹`, where Φ takes the lower triangle with half its diagonal (Murray,
  /// 2016).
  public func pullback(_ pullback: Pullback) throws -> [Variable?] {
    let (l, dl) = (pullback.outputs[0], pullback.cotangent())
    let n = l.shape[-1]
    let half = Tensor.ones([n, n], dtype: l.dtype) - Tensor.identity(n, dtype: l.dtype) * 0.5
    let lower = Variable.applying(Triangle(), l.matmul(dl, transposingSelf: true)) * Variable(half)
    let substitute = TriangularSolve(lower: true, transposing: true)
    let left = Variable.applying(substitute, l, lower)
    let s = Variable.applying(substitute, l, left.transposed()).transposed()
    return [(s + s.transposed()) * 0.5]
  }
}

extension Solve: DifferentiablePrimitive {
  /// `dB = A⁻ᵀ·dX`, `dA = −dB·Xᵀ`
  public func pullback(_ pullback: Pullback) throws -> [Variable?] {
    let right = pullback.inputs[0].transposed().solve(pullback.cotangent())
    return [pullback.needs(0) ? -right.matmul(pullback.outputs[0], transposingRight: true) : nil, right]
  }
}

extension TriangularSolve: DifferentiablePrimitive {
  /// `dB = T⁻ᵀ·dX`, `dT = −dB·Xᵀ` on the triangle (transposed if T was).
  public func pullback(_ pullback: Pullback) throws -> [Variable?] {
    let (t, x) = (pullback.inputs[0], pullback.outputs[0])
    let right = Variable.applying(TriangularSolve(lower: lower, transposing: !transposing), t, pullback.cotangent())
    guard pullback.needs(0) else { return [nil, right] }
    let full = transposing ? x.matmul(right, transposingRight: true) : right.matmul(x, transposingRight: true)
    return [-Variable.applying(Triangle(lower: lower), full), right]
  }
}
