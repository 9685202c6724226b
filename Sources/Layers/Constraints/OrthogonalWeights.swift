import AviaryCore
import AviaryRegistry

/// Replaces weights by the nearest orthogonal ones, WᵀW = 1, or W·Wᵀ = 1 if there are more units than inputs: the
/// orthogonal factor of W's polar decomposition.
///
/// Filters [height, width, in, out] are treated as [height·width·in, out]; a vector gets norm 1. It uses the
/// Newton–Schulz iteration W ← W·(3 − WᵀW)/2, which takes a few matrix products after a small update. Weights without
/// an orthogonal factor, such as zeros, are unchanged. (Björck and Bowie: An iterative algorithm for computing the best
/// estimate of an orthogonal matrix, 1971.)
public struct OrthogonalWeights: Constraint, Registrable {
  public static let name = "orthogonal"
  public static let card = Card(
    "Makes the units' weight vectors orthonormal.", formula: "w ← W·(WᵀW)^−½",
    references: [
      "Björck, Bowie: An iterative algorithm for computing the best estimate of an orthogonal matrix (1971)"
    ])

  public init() {}

  private static let mostIterations = 60

  /// The nearest orthogonal weights; orthogonal ones keep their bits.
  public func callAsFunction(_ parameter: Tensor) -> Tensor {
    let matrix = parameter.asMatrix()
    let isWide = matrix.shape[0] < matrix.shape[1]
    var rows = isWide ? matrix : matrix.transposed()
    let identity = Tensor.identity(rows.shape[0], dtype: parameter.dtype)
    let tolerance = parameter.dtype == .float32 ? 1e-6 : 1e-14
    func error() -> Double { (rows.matmul(rows.transposed()) - identity).abs().max().item() }
    if error() <= tolerance { return parameter }
    // The norm bounds all singular values, and the iteration converges to 1 from below √3.
    let norm = rows.square().sum().sqrt()
    if error() > 0.5 { rows = rows / norm }
    var last = Double.infinity
    for _ in 0..<Self.mostIterations {
      let products = rows.matmul(rows.transposed())
      let distance = (products - identity).abs().max().item()
      // Only rounding errors are left.
      if distance <= tolerance || distance < 1e-3 && distance >= last { break }
      last = distance
      rows = (identity * 3 - products).matmul(rows) / 2
    }
    guard error() < 1e-3 else { return parameter }
    return (isWide ? rows : rows.transposed()).reshaped(to: parameter.shape)
  }
}
