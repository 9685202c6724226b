import AviaryCore
import AviaryRegistry

/// Orthogonal weights, which preserve norms: WᵀW = gain²·1, or W·Wᵀ = gain²·1 if there are more units than inputs.
///
/// Uniform over all such matrices: the orthogonal factor of a matrix of normal numbers. Filters [height, width, in,
/// out] are treated as [height·width·in, out]; a vector gets the norm `gain`. (Saxe, McClelland and Ganguli: Exact
/// solutions to the nonlinear dynamics of learning in deep linear neural networks, 2014.)
public struct Orthogonal: Initializer, Registrable {
  public static let name = "orthogonal"
  public static let card = Card(
    "Orthogonal weights, which preserve the norm of signals through many linear layers.", formula: "WᵀW = gain²·1",
    references: [
      "Saxe, McClelland, Ganguli: Exact solutions to the nonlinear dynamics of learning in deep linear neural networks "
        + "(2014), arXiv:1312.6120"
    ])

  @Field("Factor of the norm: 1 for linear and tanh units, √2 for ReLU units", .nonNegative) var gain = 1.0

  public init() {}

  /// Traps on a negative or infinite gain.
  public init(gain: Double = 1, file: StaticString = #fileID, line: UInt = #line) {
    self.gain = gain
    self = required(file: file, line: line)
  }

  public func values(shape: Shape, fans: Fans, random: RandomSource, dtype: DType) -> Tensor {
    let units = shape.rank < 2 ? 1 : shape[-1]
    let inputs = shape.elementCount / max(units, 1)
    let normal = random.normal([max(inputs, units), min(inputs, units)], dtype: .float64)
    // Twice, because the first factor's error is the rounding error times the squared condition number.
    let factor = normal.orthogonalFactor().orthogonalFactor()
    return ((inputs < units ? factor.transposed() : factor) * gain).reshaped(to: shape).cast(to: dtype)
  }
}

extension Tensor {
  /// The factor Q of A = Q·R, with R upper triangular with a positive diagonal, for at least as many rows as columns:
  /// A·L⁻ᵀ with the Cholesky factorization L·Lᵀ = AᵀA.
  fileprivate func orthogonalFactor() -> Tensor {
    let lower = transposed().matmul(self).cholesky()
    return Tensor.applying(TriangularSolve(), lower, transposed()).transposed()
  }
}
