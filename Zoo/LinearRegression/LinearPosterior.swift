import AviaryCore
import AviaryLayers
import AviaryTraining

/// What is known of the weights of a linear regression with normal noise and a normal prior, and what it predicts.
///
/// ```swift
/// var posterior = LinearPosterior(inputs: 1, outputs: 1, priorPrecision: 2, noisePrecision: 25)      // the prior
/// try posterior.observe(x, y)                                // all at once, or piece by piece: the same
/// let (mean, variance) = posterior.predictions(x)            // [n, out] and [n]
/// ```
///
/// With φ = (x, 1), or x without bias: p(W) = N(0, α⁻¹·I), p(t | x) = N(φ·W, β⁻¹). After rows Φ, T: S⁻¹ = S₀⁻¹ +
/// β·Φᵀ·Φ, M = S·(S₀⁻¹·M₀ + β·Φᵀ·T); the prediction for x is N(φ·M, 1/β + φ·S·φᵀ), its variance the same for all
/// outputs. In float64. (Bishop: Pattern Recognition and Machine Learning, 2006, section 3.3.)
///
/// What is kept is R, S⁻¹ = Rᵀ·R: a row changes it by p rotations, in time p² for p weights, and S itself is computed when
/// it is asked for. (Golub, Van Loan: Matrix Computations, 2013, section 6.5.4.)
public struct LinearPosterior: Sendable {
  /// M [in + 1, out], the bias's row last; [in, out] without bias.
  public private(set) var mean: Tensor
  /// R, upper triangular: RᵀR is the precision S⁻¹ of each output's weights, the same for all.
  public private(set) var factor: Tensor
  /// 1/β.
  public let noiseVariance: Double
  /// Whether φ has a 1 at its end.
  public let hasBias: Bool

  /// The prior.
  ///
  /// - Parameters:
  ///   - inputs: how many there are, without the 1 of the bias.
  ///   - outputs: how many targets a row has.
  ///   - priorPrecision: α; 0 for a uniform prior, of which there is no prediction before enough rows were observed. Traps
  ///     where it is negative.
  ///   - noisePrecision: β. Traps unless it is above 0.
  ///   - hasBias: whether there is one; the prior holds for it, too.
  ///   - file: the caller's file, for a trap's message.
  ///   - line: the caller's line.
  public init(
    inputs: Int, outputs: Int, priorPrecision: Double, noisePrecision: Double, hasBias: Bool = true,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    require(
      priorPrecision >= 0 && noisePrecision > 0, "precisions of \(priorPrecision) and \(noisePrecision)", file, line)
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

  /// S, square: of each output's weights, the same for all. Takes time p³ for p weights.
  public var covariance: Tensor {
    let inverse = solution(of: Tensor.identity(factor.shape[0], dtype: .float64))
    // Symmetric to the last bit.
    return (inverse + inverse.transposed()) / 2
  }

  /// Takes in rows: inputs [n, in] and targets [n, out]. Throws `ModelError` where these and the
  /// rows before do not determine the weights, under a uniform prior or for numbers out of all proportion.
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
    // The same as S·(S₀⁻¹·M₀ + β·Φᵀ·T), without its differences of great numbers.
    let residual = targets.cast(to: .float64) - features.matmul(mean)
    mean = mean + solution(of: features.matmul(residual, transposingSelf: true)) / noiseVariance
    guard mean.sum().item().isFinite, isDefinite else {
      throw ModelError(
        "the rows so far do not determine the \(factor.shape[0]) weights of an output: there are too few, or columns that "
          + "depend on each other; take a prior precision above 0, or a greater one")
    }
  }

  /// Whether there is a covariance in float64: of each weight something is left that those before it do not tell.
  private var isDefinite: Bool {
    let squares = factor.square()
    let own = (squares * Tensor.identity(factor.shape[0], dtype: .float64)).sum(axes: [0])
    return (own / squares.sum(axes: [0])).scalars(as: Double.self).allSatisfy { $0 > 1e-14 }
  }

  /// The mean [n, out] and the variance [n] of what is expected at inputs [n, in].
  public func predictions(_ inputs: Tensor) -> (mean: Tensor, variance: Tensor) {
    let features = features(inputs)
    // φ·S·φᵀ = ‖R⁻ᵀ·φᵀ‖².
    let root = Tensor.applying(
      TriangularSolve(lower: true, transposing: false), factor.transposed(), features.transposed())
    let spread = root.square().sum(axes: [0])
    return (features.matmul(mean), spread + noiseVariance)
  }

  /// Φ.
  private func features(_ inputs: Tensor) -> Tensor {
    let x = inputs.cast(to: .float64).flattenedRows()
    guard hasBias else { return x }
    return Tensor.concatenate([x, Tensor.ones([x.shape[0], 1], dtype: .float64)], axis: 1)
  }

  /// S·right.
  private func solution(of right: Tensor) -> Tensor { right.solved(byCholesky: factor.transposed()) }

  /// Changes R so that RᵀR grows by vᵀv: each of Givens' rotations of a row of R and v makes an element of v zero.
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
