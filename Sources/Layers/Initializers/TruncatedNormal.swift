import AviaryCore
import AviaryRegistry

/// Normal numbers cut off at two standard deviations from the mean, so that no weight begins far out.
///
/// σ is the standard deviation before the cut, as in TensorFlow; that of the numbers drawn is 0.88·σ.
public struct TruncatedNormal: Initializer, Registrable {
  public static let name = "truncated-normal"
  public static let card = Card(
    "Normal, redrawn beyond two standard deviations from the mean.", formula: "w ~ N(μ, σ²) within μ ± 2σ")

  var distribution = NormalDistribution()

  public init() {}

  /// A mean of 0 and a standard deviation of 0.05 unless given. Traps on a negative or infinite standard deviation.
  public init(mean: Double = 0, standardDeviation: Double = 0.05, file: StaticString = #fileID, line: UInt = #line) {
    distribution.mean = mean
    distribution.standardDeviation = standardDeviation
    self = required(file: file, line: line)
  }

  /// Normal numbers within two standard deviations.
  public func values(shape: Shape, fans: Fans, random: RandomSource, dtype: DType) -> Tensor {
    random.truncatedNormal(
      shape, mean: distribution.mean, standardDeviation: distribution.standardDeviation, dtype: dtype)
  }
}
