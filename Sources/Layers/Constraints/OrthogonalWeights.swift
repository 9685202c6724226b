import AviaryCore
import AviaryRegistry

/// Moves weights to the nearest orthogonal ones, WᵀW = 1, or W·Wᵀ = 1 where there are more units than inputs: the orthogonal
/// factor of W's polar decomposition.
///
/// Filters [height, width, in, out] are taken as [height·width·in, out]; a vector gets the length 1. By Newton and Schulz's
/// iteration, W ← W·(3 − WᵀW)/2, which needs a few products of matrices for weights that an update has moved a little.
/// Weights without an orthogonal factor, such as zeros, stay as they are. (Björck and Bowie: An iterative algorithm for
/// computing the best estimate of an orthogonal matrix, 1971.)
public struct OrthogonalWeights: Constraint, Registrable {
  public static let name = "orthogonal"
  public static let card = Card(
    "The weights that lead to the units are orthogonal, and have the norm 1.", formula: "w ← W·(WᵀW)^−½",
    references: [
      "Björck, Bowie: An iterative algorithm for computing the best estimate of an orthogonal matrix (1971)"
    ])

  public init() {}

  private static let mostIterations = 60

  /// The nearest orthogonal weights; those that are orthogonal keep their bits.
  public func callAsFunction(_ parameter: Tensor) -> Tensor {
    let matrix = parameter.asMatrix()
    let isWide = matrix.shape[0] < matrix.shape[1]
    var rows = isWide ? matrix : matrix.transposed()
    let identity = Tensor.identity(rows.shape[0], dtype: parameter.dtype)
    let tolerance = parameter.dtype == .float32 ? 1e-6 : 1e-14
    func error() -> Double { (rows.matmul(rows.transposed()) - identity).abs().max().item() }
    if error() <= tolerance { return parameter }
    // The norm bounds all singular values, and the iteration goes to 1 from below √3.
    let norm = rows.square().sum().sqrt()
    if error() > 0.5 { rows = rows / norm }
    var last = Double.infinity
    for _ in 0..<Self.mostIterations {
      let products = rows.matmul(rows.transposed())
      let distance = (products - identity).abs().max().item()
      // Rounding alone is left.
      if distance <= tolerance || distance < 1e-3 && distance >= last { break }
      last = distance
      rows = (identity * 3 - products).matmul(rows) / 2
    }
    guard error() < 1e-3 else { return parameter }
    return (isWide ? rows : rows.transposed()).reshaped(to: parameter.shape)
  }
}
