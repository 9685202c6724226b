import AviaryCore
import AviaryRegistry

/// Normal with a given mean and standard deviation, whatever the layer's size.
public struct Normal: Initializer, Registrable {
  public static let name = "normal"
  public static let card = Card(
    "Normal with a given mean and standard deviation.", formula: "w ~ N(μ, σ²)")

  var distribution = NormalDistribution()

  public init() {}

  /// Traps on a negative or infinite standard deviation.
  public init(mean: Double = 0, standardDeviation: Double = 0.05, file: StaticString = #fileID, line: UInt = #line) {
    distribution.mean = mean
    distribution.standardDeviation = standardDeviation
    self = required(file: file, line: line)
  }

  public func values(shape: Shape, fans: Fans, random: RandomSource, dtype: DType) -> Tensor {
    random.normal(shape, mean: distribution.mean, standardDeviation: distribution.standardDeviation, dtype: dtype)
  }
}
