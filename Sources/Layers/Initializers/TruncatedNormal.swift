import AviaryCore
import AviaryRegistry

/// Normal, truncated at two standard deviations from the mean, so that no weight starts far out.
///
/// As in TensorFlow, σ is the standard deviation before truncation; that of the values is 0.88·σ.
public struct TruncatedNormal: Initializer, Registrable {
  public static let name = "truncated-normal"
  public static let card = Card(
    "Normal, truncated at two standard deviations from the mean.", formula: "w ~ N(μ, σ²) within μ ± 2σ")

  var distribution = NormalDistribution()

  public init() {}

  /// Traps on a negative or infinite standard deviation.
  public init(mean: Double = 0, standardDeviation: Double = 0.05, file: StaticString = #fileID, line: UInt = #line) {
    distribution.mean = mean
    distribution.standardDeviation = standardDeviation
    self = required(file: file, line: line)
  }

  public func values(shape: Shape, fans: Fans, random: RandomSource, dtype: DType) -> Tensor {
    random.truncatedNormal(
      shape, mean: distribution.mean, standardDeviation: distribution.standardDeviation, dtype: dtype)
  }
}
