import AviaryCore
import AviaryLayers
import AviaryTraining

/// The posterior of a linear regression's weights with Gaussian noise and a Gaussian prior, and its predictions.
///
/// ```swift
/// var posterior = LinearPosterior(inputs: 1, outputs: 1, priorPrecision: 2, noisePrecision: 25)      // the prior
/// try posterior.observe(x, y)                                // all at once or in parts, with the same result
/// let (mean, variance) = posterior.predictions(x)            // [n, out] and [n]
/// ```
///
/// With φ = (x, 1), or x without bias:
///
///     prior: p(W) = N(0, α⁻¹·I),   p(t | x) = N(φ·W, β⁻¹)
///     posterior after rows Φ, T: S⁻¹ = S₀⁻¹ + β·Φᵀ·Φ,   M = S·(S₀⁻¹·M₀ + β·Φᵀ·T)
///     prediction: N(φ·M, 1/β + φ·S·φᵀ)
///
/// The predictive variance is the same for all outputs. Computed in float64. (Bishop: Pattern Recognition and Machine
/// Learning, 2006, section 3.3.)
///
/// It stores R with S⁻¹ = Rᵀ·R: a row changes R by p rotations, in time p² for p weights; S is computed on demand.
/// (Golub, Van Loan: Matrix Computations, 2013, section 6.5.4.)
public struct LinearPosterior: Sendable {
  /// The mean M [in + 1, out], with the bias in the last row; [in, out] without bias.
  public private(set) var mean: Tensor
  /// The factor R, upper triangular: RᵀR is the precision S⁻¹ of each output's weights, the same for all outputs.
  public private(set) var factor: Tensor
  /// The variance 1/β of the noise.
  public let noiseVariance: Double
  /// Whether φ ends with a 1.
  public let hasBias: Bool

  /// The prior.
  ///
  /// - Parameters:
  ///   - inputs: the number of inputs, without the 1 of the bias.
  ///   - outputs: the number of targets per row.
  ///   - priorPrecision: α; 0 for a uniform prior, which gives no predictions until enough rows were observed. Traps if
  ///     negative.
  ///   - noisePrecision: β. Traps unless above 0.
  ///   - hasBias: whether there is a bias; the prior applies to it too.
  ///   - file: the caller's file, for a trap's message.
  ///   - line: the caller's line.
  public init(
    inputs: Int, outputs: Int, priorPrecision: Double, noisePrecision: Double, hasBias: Bool = true,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    require(
      priorPrecision >= 0 && noisePrecision > 0,
      "priorPrecision is \(priorPrecision) and noisePrecision \(noisePrecision), but must be at least 0 and above 0",
      file, line)
    let size = inputs + (hasBias ? 1 : 0)
    self.init(
      mean: Tensor.zeros([size, outputs], dtype: .float64),
      factor: Tensor.identity(size, dtype: .float64) * priorPrecision.squareRoot(),
      noiseVariance: 1 / noisePrecision, hasBias: hasBias)
  }

  init(mean: Tensor, factor: Tensor, noiseVariance: Double, hasBias: Bool) {
    self.mean = mean
    self.factor = factor
    self.noiseVariance = noiseVariance
    self.hasBias = hasBias
  }

  /// The covariance S, square, of each output's weights, the same for all outputs. Takes time p³ for p weights.
  public var covariance: Tensor {
    let inverse = solution(of: Tensor.identity(factor.shape[0], dtype: .float64))
    // Exactly symmetric.
    return (inverse + inverse.transposed()) / 2
  }

  /// Updates the posterior with rows: inputs [n, in] and targets [n, out]. Throws `ModelError` if the rows so far do
  /// not determine the weights, under a uniform prior or for numbers of very different magnitude.
  public mutating func observe(_ inputs: Tensor, _ targets: Tensor) throws {
    let features = features(inputs)
    let scaled = features / noiseVariance.squareRoot()
    if features.shape[0] < factor.shape[0] {
      for row in 0..<features.shape[0] { rotate(in: scaled[row].scalars(as: Double.self)) }
    } else {
      let precision =
        factor.matmul(factor, transposingSelf: true) + scaled.matmul(scaled, transposingSelf: true)
      factor = precision.cholesky().transposed()
    }
    // Equals S·(S₀⁻¹·M₀ + β·Φᵀ·T), but does not subtract large numbers.
    let residual = targets.cast(to: .float64) - features.matmul(mean)
    mean = mean + solution(of: features.matmul(residual, transposingSelf: true)) / noiseVariance
    guard mean.sum().item().isFinite, isDefinite else {
      throw ModelError(
        "the rows so far do not determine the \(factor.shape[0]) weights of an output: there are too few rows, or columns that "
          + "depend on each other; use a prior precision above 0, or a greater one")
    }
  }

  /// Whether the covariance exists in float64: each weight has a part that the weights before it do not determine.
  private var isDefinite: Bool {
    let squares = factor.square()
    let own = (squares * Tensor.identity(factor.shape[0], dtype: .float64)).sum(axes: [0])
    return (own / squares.sum(axes: [0])).scalars(as: Double.self).allSatisfy { $0 > 1e-14 }
  }

  /// The predictive mean [n, out] and variance [n] for inputs [n, in].
  public func predictions(_ inputs: Tensor) -> (mean: Tensor, variance: Tensor) {
    let features = features(inputs)
    // φ·S·φᵀ = ‖R⁻ᵀ·φᵀ‖²
    let root = Tensor.applying(
      TriangularSolve(lower: true, transposing: false), factor.transposed(), features.transposed())
    let spread = root.square().sum(axes: [0])
    return (features.matmul(mean), spread + noiseVariance)
  }

  /// The features Φ.
  private func features(_ inputs: Tensor) -> Tensor {
    let x = inputs.cast(to: .float64).flattenedRows()
    guard hasBias else { return x }
    return Tensor.concatenate([x, Tensor.ones([x.shape[0], 1], dtype: .float64)], axis: 1)
  }

  private func solution(of right: Tensor) -> Tensor { right.solved(byCholesky: factor.transposed()) }

  /// Changes R so that RᵀR grows by vᵀv: each Givens rotation of a row of R and v zeroes one element of v.
  private mutating func rotate(in row: [Double]) {
    var v = row
    let size = v.count
    factor.withMutableScalars(as: Double.self) { elements in
      for pivot in 0..<size where v[pivot] != 0 {
        let (a, b) = (elements[pivot * size + pivot], v[pivot])
        let length = (a * a + b * b).squareRoot()
        let (cosine, sine) = (a / length, b / length)
        for column in pivot..<size {
          let (r, x) = (elements[pivot * size + column], v[column])
          elements[pivot * size + column] = cosine * r + sine * x
          v[column] = cosine * x - sine * r
        }
      }
    }
  }
}
