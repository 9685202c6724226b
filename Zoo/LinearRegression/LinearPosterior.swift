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
public struct LinearPosterior: Sendable {
  /// M [in + 1, out], the bias's row last; [in, out] without bias.
  public private(set) var mean: Tensor
  /// S, square: of each output's weights, the same for all.
  public private(set) var covariance: Tensor
  /// 1/β.
  public let noiseVariance: Double
  /// Whether φ has a 1 at its end.
  public let hasBias: Bool

  /// The prior.
  ///
  /// - Parameters:
  ///   - inputs: how many there are, without the 1 of the bias.
  ///   - outputs: how many targets a row has.
  ///   - priorPrecision: α. Traps unless it is above 0.
  ///   - noisePrecision: β. Traps unless it is above 0.
  ///   - hasBias: whether there is one; the prior holds for it, too.
  ///   - file: the caller's file, for a trap's message.
  ///   - line: the caller's line.
  public init(
    inputs: Int, outputs: Int, priorPrecision: Double, noisePrecision: Double, hasBias: Bool = true,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    require(
      priorPrecision > 0 && noisePrecision > 0, "precisions of \(priorPrecision) and \(noisePrecision)", file, line)
    let size = inputs + (hasBias ? 1 : 0)
    self.init(
      mean: Tensor.zeros([size, outputs], dtype: .float64),
      covariance: Tensor.identity(size, dtype: .float64) / priorPrecision, noiseVariance: 1 / noisePrecision,
      hasBias: hasBias)
  }

  init(mean: Tensor, covariance: Tensor, noiseVariance: Double, hasBias: Bool) {
    self.mean = mean
    self.covariance = covariance
    self.noiseVariance = noiseVariance
    self.hasBias = hasBias
  }

  /// Takes in rows: inputs [n, in] and targets [n, out]. Throws `ModelError` where the covariance is not positive
  /// definite any more, for numbers out of all proportion.
  public mutating func observe(_ inputs: Tensor, _ targets: Tensor) throws {
    let features = features(inputs)
    let targets = targets.cast(to: .float64)
    let precision = try LinearPosterior.inverse(covariance)
    let evidence = features.matmul(features, transposingSelf: true) / noiseVariance
    let updated = try LinearPosterior.inverse(precision + evidence)
    // The same as S·(S₀⁻¹·M₀ + β·Φᵀ·T), without its differences of great numbers.
    let residual = targets - features.matmul(mean)
    mean = mean + updated.matmul(features.matmul(residual, transposingSelf: true)) / noiseVariance
    covariance = updated
  }

  /// The mean [n, out] and the variance [n] of what is expected at inputs [n, in].
  public func predictions(_ inputs: Tensor) -> (mean: Tensor, variance: Tensor) {
    let features = features(inputs)
    let spread = (features.matmul(covariance) * features).sum(axes: [1])
    return (features.matmul(mean), spread + noiseVariance)
  }

  /// Φ.
  private func features(_ inputs: Tensor) -> Tensor {
    let x = inputs.cast(to: .float64).flattenedRows()
    guard hasBias else { return x }
    return Tensor.concatenate([x, Tensor.ones([x.shape[0], 1], dtype: .float64)], axis: 1)
  }

  /// The inverse of a symmetric positive definite matrix, symmetric to the last bit.
  private static func inverse(_ matrix: Tensor) throws -> Tensor {
    let inverse = Tensor.identity(matrix.shape[0], dtype: .float64).solved(byCholesky: matrix.cholesky())
    guard inverse.sum().item().isFinite else {
      throw ModelError(
        "the covariance of the weights is not positive definite in float64; scale the inputs, or take a greater prior precision"
      )
    }
    return (inverse + inverse.transposed()) / 2
  }
}
