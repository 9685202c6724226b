import AviaryCore

/// The least-squares fit y = x·W + b in closed form, optionally with the norm of each output's weights bounded.
///
/// ```swift
/// let fit = LeastSquaresFit(inputs: x, targets: y, maxNorm: 1)
/// fit.weight                                            // float64[in, out]
/// fit.multipliers                                       // λ, 0 where the constraint does not bind
/// ```
///
/// Without a bound, it minimizes ‖x·W + b − y‖² by the normal equations XᵀX·W = Xᵀy of the centered columns (uncentered
/// without b), solved by Cholesky factorization and refined with residuals until nothing changes. If columns are
/// linearly dependent, it picks the solution of least norm after scaling each column to norm 1.
///
/// With ‖w‖ ≤ r for each column w of W: if the unconstrained solution lies outside the ball, w = (XᵀX + λ·I)⁻¹·Xᵀy with
/// the Lagrange multiplier λ > 0 for which ‖w‖ = r, found by Newton's method on 1/‖w(λ)‖ − 1/r, which is nearly linear
/// in λ. Then (XᵀX + λ·I)·w = Xᵀy, λ ≥ 0 and λ·(‖w‖ − r) = 0 hold (Karush, Kuhn and Tucker), which for this convex
/// problem means that w is the solution.
///
/// Computed in float64; O(n·in² + in³). (Goodfellow, Bengio, Courville: Deep Learning, 2016, section 4.5; Moré,
/// Sorensen: Computing a trust region step, 1983.)
public struct LeastSquaresFit: Sendable {
  /// W [in, out].
  public let weight: Tensor
  /// The bias b [out]; nil without bias.
  public let bias: Tensor?
  /// The multiplier λ of each output; 0 if its constraint does not bind or does not exist.
  public let multipliers: [Double]

  /// Fits the rows.
  ///
  /// - Parameters:
  ///   - inputs: x [n, in].
  ///   - targets: y [n, out].
  ///   - hasBias: whether to fit b, which is unbounded.
  ///   - maxNorm: r; nil for no bound. Traps unless above 0.
  ///   - file: the caller's file, for a trap's message.
  ///   - line: the caller's line.
  public init(
    inputs: Tensor, targets: Tensor, hasBias: Bool = true, maxNorm: Double? = nil, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    require(
      inputs.rank == 2 && targets.rank == 2 && inputs.shape[0] == targets.shape[0],
      "expected inputs [n, in] and targets [n, out], not \(inputs.spec) and \(targets.spec)", file, line)
    require(maxNorm.map { $0 > 0 } ?? true, "maxNorm is \(maxNorm ?? 0), but must be above 0", file, line)
    var (x, y) = (inputs.cast(to: .float64), targets.cast(to: .float64))
    let center = hasBias ? (x: x.mean(axes: [0]), y: y.mean(axes: [0])) : nil
    if let center { (x, y) = (x - center.x, y - center.y) }
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
    bias = center.map { $0.y - $0.x.expandingDimension(at: 0).matmul(solution).squeezed(axis: 0) }
    self.multipliers = multipliers
  }

  /// The unconstrained solution W [in, out].
  private static func free(_ x: Tensor, _ y: Tensor) -> Tensor {
    let norms = x.square().sum(axes: [0], keepingDimensions: true).sqrt()
    let scales = Tensor.where(norms .> 0, norms, Tensor.ones([], dtype: .float64))
    let scaled = x / scales
    // Adding 1e-10 makes the matrix positive definite; refinement removes its effect.
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

  /// The w [in, 1] with (A + λ·I)·w = b and ‖w‖ = r, and λ, for positive semidefinite A and an unconstrained solution
  /// longer than r.
  private static func onSphere(
    _ gram: Tensor, _ right: Tensor, radius: Double
  ) -> (weight: Tensor, multiplier: Double) {
    let identity = Tensor.identity(gram.shape[0], dtype: .float64)
    // ‖w(λ)‖ ≥ ‖b‖ / (‖A‖ + λ) = r gives a lower bound of the multiplier; the trace bounds the norm.
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
  /// The X with L·Lᵀ·X = self, [n, columns], for the lower triangular L [n, n].
  func solved(byCholesky factor: Tensor) -> Tensor {
    let half = Tensor.applying(TriangularSolve(), factor, self)
    return Tensor.applying(TriangularSolve(transposing: true), factor, half)
  }
}
