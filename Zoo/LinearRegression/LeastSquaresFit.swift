import AviaryCore

/// The affine map y = x·W + b that fits targets best: least squares in closed form, on request with each output's
/// weights in a ball.
///
/// ```swift
/// let fit = LeastSquaresFit(inputs: x, targets: y, maxNorm: 1)
/// fit.weight                                            // float64[in, out]
/// fit.multipliers                                       // λ, 0 where the constraint does not bind
/// ```
///
/// Without a bound: min ‖x·W + b − y‖², by the normal equations XᵀX·W = Xᵀy of centred columns (those as they are
/// without b), solved by Cholesky's factors and refined with residuals until nothing changes. Where columns depend on
/// each other, of the many solutions it is the one of least norm in units in which each column has norm 1.
///
/// With ‖w‖ ≤ r for each column w of W: where the free solution lies outside of the ball, w = (XᵀX + λ·I)⁻¹·Xᵀy with
/// the multiplier λ > 0 of Lagrange for which ‖w‖ = r, found by Newton's method on 1/‖w(λ)‖ − 1/r, which is nearly
/// straight in λ. Then (XᵀX + λ·I)·w = Xᵀy, λ ≥ 0, λ·(‖w‖ − r) = 0 (Karush, Kuhn and Tucker), and the problem being
/// convex, that is the solution.
///
/// All in float64; O(n·in² + in³). (Goodfellow, Bengio, Courville: Deep Learning, 2016, section 4.5; Moré, Sorensen:
/// Computing a trust region step, 1983.)
public struct LeastSquaresFit: Sendable {
  /// W [in, out].
  public let weight: Tensor
  /// b [out]; nil where it was not asked for.
  public let bias: Tensor?
  /// λ of each output; 0 where its constraint does not bind, or there is none.
  public let multipliers: [Double]

  /// Fits rows.
  ///
  /// - Parameters:
  ///   - inputs: x [n, in].
  ///   - targets: y [n, out].
  ///   - hasBias: whether there is a b; it is not bounded.
  ///   - maxNorm: r; nil bounds nothing. Traps unless it is above 0.
  ///   - file: the caller's file, for a trap's message.
  ///   - line: the caller's line.
  public init(
    inputs: Tensor, targets: Tensor, hasBias: Bool = true, maxNorm: Double? = nil, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    require(
      inputs.rank == 2 && targets.rank == 2 && inputs.shape[0] == targets.shape[0],
      "inputs [n, in] and targets [n, out], not \(inputs.spec) and \(targets.spec)", file, line)
    require(maxNorm.map { $0 > 0 } ?? true, "a norm of at most \(maxNorm ?? 0); it is above 0", file, line)
    var (x, y) = (inputs.cast(to: .float64), targets.cast(to: .float64))
    let centre = hasBias ? (x: x.mean(axes: [0]), y: y.mean(axes: [0])) : nil
    if let centre { (x, y) = (x - centre.x, y - centre.y) }
    var solution = LeastSquaresFit.free(x, y)
    var multipliers = [Double](repeating: 0, count: y.shape[1])
    if let maxNorm {
      let (gram, right) = (x.matmul(x, transposingSelf: true), x.matmul(y, transposingSelf: true))
      let columns = multipliers.indices.map { column in
        let own = solution.slice(axis: 1, column..<(column + 1))
        guard own.euclideanNorm() > maxNorm else { return own }
        let bounded = LeastSquaresFit.onSphere(
          gram, right.slice(axis: 1, column..<(column + 1)), radius: maxNorm)
        multipliers[column] = bounded.multiplier
        return bounded.weight
      }
      solution = Tensor.concatenate(columns, axis: 1)
    }
    weight = solution
    bias = centre.map { $0.y - $0.x.expandingDimension(at: 0).matmul(solution).squeezed(axis: 0) }
    self.multipliers = multipliers
  }

  /// The free solution W [in, out].
  private static func free(_ x: Tensor, _ y: Tensor) -> Tensor {
    let norms = x.square().sum(axes: [0], keepingDimensions: true).sqrt()
    let scales = Tensor.where(norms .> 0, norms, Tensor.ones([], dtype: .float64))
    let scaled = x / scales
    // A tenth of a billionth makes the matrix safely definite; refining takes its effect away again.
    let gram = scaled.matmul(scaled, transposingSelf: true) + Tensor.identity(x.shape[1], dtype: .float64) * 1e-10
    let factor = gram.cholesky()
    var solution = Tensor.zeros([x.shape[1], y.shape[1]], dtype: .float64)
    for _ in 0..<100 {
      let residual = scaled.matmul(y - scaled.matmul(solution), transposingSelf: true)
      let change = residual.solved(byCholesky: factor)
      solution = solution + change
      if change.euclideanNorm() <= 1e-15 * solution.euclideanNorm() { break }
    }
    return solution / scales.reshaped(to: [x.shape[1], 1])
  }

  /// The w [in, 1] with (A + λ·I)·w = b and ‖w‖ = r, and λ: A positive semidefinite, the solution without λ longer than r.
  private static func onSphere(
    _ gram: Tensor, _ right: Tensor, radius: Double
  ) -> (weight: Tensor, multiplier: Double) {
    let identity = Tensor.identity(gram.shape[0], dtype: .float64)
    // ‖w(λ)‖ ≥ ‖b‖ / (‖A‖ + λ) = r gives a multiplier that is not too large; the trace bounds the norm.
    let trace = (gram * identity).sum().item()
    let least = 1e-12 * trace
    var multiplier = max(right.euclideanNorm() / radius - trace, least)
    var weight = right
    for _ in 0..<100 {
      let factor = (gram + identity * multiplier).cholesky()
      weight = right.solved(byCholesky: factor)
      let norm = weight.euclideanNorm()
      let half = Tensor.applying(TriangularSolve(), factor, weight).euclideanNorm()
      let change = (norm / half) * (norm / half) * (norm - radius) / radius
      if change.magnitude <= 1e-15 * multiplier || (change < 0 && multiplier == least) { break }
      multiplier = max(multiplier + change, least)
    }
    return (weight, multiplier)
  }
}

extension Tensor {
  /// The X with L·Lᵀ·X = this, [n, columns], for the lower triangular L [n, n].
  func solved(byCholesky factor: Tensor) -> Tensor {
    let half = Tensor.applying(TriangularSolve(), factor, self)
    return Tensor.applying(TriangularSolve(transposing: true), factor, half)
  }
}
