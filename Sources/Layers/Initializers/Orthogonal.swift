import AviaryCore
import AviaryRegistry

/// Orthogonal weights, which change no length: WᵀW = gain²·1, or W·Wᵀ = gain²·1 where there are more units than inputs.
///
/// Drawn evenly from all such matrices: the orthogonal factor of a matrix of normal numbers. Filters [height, width, in, out]
/// are taken as [height·width·in, out]; a vector gets the length `gain`. (Saxe, McClelland and Ganguli: Exact solutions to
/// the nonlinear dynamics of learning in deep linear neural networks, 2014.)
public struct Orthogonal: Initializer, Registrable {
  public static let name = "orthogonal"
  public static let card = Card(
    "Orthogonal weights, so that signals keep their length through many linear layers.", formula: "WᵀW = gain²·1",
    references: [
      "Saxe, McClelland, Ganguli: Exact solutions to the nonlinear dynamics of learning in deep linear neural networks "
        + "(2014), arXiv:1312.6120"
    ])

  @Field("Factor of the lengths: 1 for linear units and tanh, √2 for rectifiers", .nonNegative) var gain = 1.0

  public init() {}

  /// A gain of 1 unless given. Traps on a negative or infinite one.
  public init(gain: Double = 1, file: StaticString = #fileID, line: UInt = #line) {
    self.gain = gain
    self = required(file: file, line: line)
  }

  /// Orthonormal columns, or rows, times the gain.
  public func values(shape: Shape, fans: Fans, random: RandomSource, dtype: DType) -> Tensor {
    let units = shape.rank < 2 ? 1 : shape[-1]
    let inputs = shape.elementCount / max(units, 1)
    let normal = random.normal([max(inputs, units), min(inputs, units)], dtype: .float64)
    // Once more: the first factor is orthogonal but for rounding times the square of the matrix's condition.
    let factor = normal.orthogonalFactor().orthogonalFactor()
    return ((inputs < units ? factor.transposed() : factor) * gain).reshaped(to: shape).cast(to: dtype)
  }
}

extension Tensor {
  /// The factor Q of A = Q·R, R upper triangular with a positive diagonal, of a matrix with at least as many rows as columns:
  /// with Cholesky's L·Lᵀ = AᵀA it is A·L⁻ᵀ.
  fileprivate func orthogonalFactor() -> Tensor {
    let lower = transposed().matmul(self).cholesky()
    return Tensor.applying(TriangularSolve(), lower, transposed()).transposed()
  }
}
