import AviaryCore

/// The directions of the largest variance of centered rows, by subspace iteration: Q ← orthonormal(C·Q), with more directions
/// than wanted for faster convergence, and the Rayleigh–Ritz method. (Halko, Martinsson, Tropp: Finding structure with randomness,
/// 2011; Golub and Van Loan: Matrix computations, section 8.2.)
struct PrincipalDirections {
  /// The directions [count, features], orthonormal, the largest element of each positive.
  let directions: Tensor
  /// The variances along them [count], falling.
  let variances: [Double]

  /// - Parameters:
  ///   - rows: centered rows [n, features] in float64.
  ///   - count: the number of directions, at most the number of features.
  ///   - random: the first directions.
  init(of rows: Tensor, count: Int, random: RandomSource) {
    let (n, features) = (rows.shape[0], rows.shape[1])
    let scale = 1 / Double(max(n - 1, 1))
    // Few features: their covariance once. Many: two products with the rows in each iteration.
    let covariance = features <= 1024 ? rows.matmul(rows, transposingSelf: true) * scale : nil
    func image(_ q: Tensor) -> Tensor {
      covariance.map { q.matmul($0) } ?? q.matmul(rows, transposingRight: true).matmul(rows) * scale
    }
    let size = min(count + 10, features)
    var q = Self.orthonormal(random.normal([size, features], dtype: .float64))
    var values: [Double] = []
    for _ in 0..<1000 {
      let next = image(q)
      let (ritz, vectors) = Self.eigen(next.matmul(q, transposingRight: true))
      let isSettled =
        values.count == size
        && zip(values, ritz).prefix(count).allSatisfy { abs($0 - $1) <= 1e-14 * max(ritz[0], 1e-300) }
      values = ritz
      if isSettled {
        q = vectors.matmul(q)
        break
      }
      q = Self.orthonormal(vectors.matmul(next))
    }
    let found = q[0..<count]
    let places = found.abs().argmax(axis: 1).scalars(as: Int.self)
    let signs = places.enumerated().map { found[$0, $1].item() < 0 ? -1.0 : 1 }
    directions = found * Tensor(signs, shape: [count, 1])
    variances = values.prefix(count).map { max($0, 0) }
  }

  /// The rows of a matrix made orthonormal by the modified Gram–Schmidt method, twice; dependent rows become zero.
  private static func orthonormal(_ matrix: Tensor) -> Tensor {
    var rows = (0..<matrix.shape[0]).map { matrix[$0].scalars(as: Double.self) }
    for _ in 0..<2 {
      for i in rows.indices {
        let before = dot(rows[i], rows[i]).squareRoot()
        for j in 0..<i {
          let share = dot(rows[i], rows[j])
          for k in rows[i].indices { rows[i][k] -= share * rows[j][k] }
        }
        let norm = dot(rows[i], rows[i]).squareRoot()
        let factor = norm > 1e-12 * before && norm > 0 ? 1 / norm : 0
        for k in rows[i].indices { rows[i][k] *= factor }
      }
    }
    return Tensor(rows.flatMap { $0 }, shape: matrix.shape)
  }

  private static func dot(_ a: [Double], _ b: [Double]) -> Double {
    var sum = 0.0
    for k in a.indices { sum += a[k] * b[k] }
    return sum
  }

  /// Eigenvalues of a symmetric matrix, falling, and the eigenvectors as rows, by Jacobi's method.
  private static func eigen(_ matrix: Tensor) -> (values: [Double], vectors: Tensor) {
    let size = matrix.shape[0]
    var a = (0..<size).map { matrix[$0].scalars(as: Double.self) }
    var v = (0..<size).map { row in (0..<size).map { $0 == row ? 1.0 : 0 } }
    for i in 0..<size { for j in 0..<i { (a[i][j], a[j][i]) = ((a[i][j] + a[j][i]) / 2, (a[i][j] + a[j][i]) / 2) } }
    for _ in 0..<60 {
      var (off, on) = (0.0, 0.0)
      for i in 0..<size {
        for j in 0..<size { if i == j { on += a[i][j] * a[i][j] } else { off += a[i][j] * a[i][j] } }
      }
      if off <= 1e-32 * max(on, 1e-300) { break }
      for p in 0..<size {
        for q in p + 1..<max(size, p + 1) where a[p][q] != 0 { rotate(&a, &v, p, q) }
      }
    }
    let order = (0..<size).sorted { a[$0][$0] > a[$1][$1] }
    return (order.map { a[$0][$0] }, Tensor(order.flatMap { v[$0] }, shape: [size, size]))
  }

  /// A rotation that makes element (p, q) zero.
  private static func rotate(_ a: inout [[Double]], _ v: inout [[Double]], _ p: Int, _ q: Int) {
    let theta = (a[q][q] - a[p][p]) / (2 * a[p][q])
    let t = (theta < 0 ? -1 : 1) / (theta.magnitude + (theta * theta + 1).squareRoot())
    let c = 1 / (t * t + 1).squareRoot()
    let s = t * c
    for k in a.indices { (a[k][p], a[k][q]) = (c * a[k][p] - s * a[k][q], s * a[k][p] + c * a[k][q]) }
    for k in a.indices {
      (a[p][k], a[q][k]) = (c * a[p][k] - s * a[q][k], s * a[p][k] + c * a[q][k])
      (v[p][k], v[q][k]) = (c * v[p][k] - s * v[q][k], s * v[p][k] + c * v[q][k])
    }
  }
}
