import AviaryCore
import AviaryRegistry

/// Normal numbers cut off at two standard deviations from the mean, so that no weight begins far out.
///
/// σ is the standard deviation before the cut, as in TensorFlow; that of the numbers drawn is 0.88·σ.
public struct TruncatedNormal: Initializer, Registrable {
  /// The initializer's configuration.
  public struct Configuration: ConfigurationFields {
    /// μ.
    public var mean = 0.0
    /// σ.
    public var standardDeviation = 0.05

    /// A mean of 0 and a standard deviation of 0.05.
    public init() {}
  }

  /// `"truncated-normal"`.
  public static let name = "truncated-normal"
  /// What is worth knowing.
  public static let card = Card(
    "Normal, redrawn beyond two standard deviations from the mean.", formula: "w ~ N(μ, σ²) within μ ± 2σ",
    fields: [
      "mean": "The mean μ.",
      "standardDeviation": "The standard deviation σ before the cut, at least 0; that of the numbers is 0.88·σ.",
    ])

  let mean: Double
  let standardDeviation: Double

  /// Checks the standard deviation.
  public init(_ configuration: Configuration, in registries: Registries) throws {
    mean = configuration.mean
    standardDeviation = try Check.nonNegative(configuration.standardDeviation, "standardDeviation")
  }

  /// A mean of 0 and a standard deviation of 0.05 unless given. Traps on a negative or infinite standard deviation.
  public init(mean: Double = 0, standardDeviation: Double = 0.05, file: StaticString = #fileID, line: UInt = #line) {
    require(
      standardDeviation >= 0 && standardDeviation.isFinite,
      "a standard deviation of \(standardDeviation); it is a number of at least 0", file, line)
    self.mean = mean
    self.standardDeviation = standardDeviation
  }

  /// Normal numbers within two standard deviations.
  public func values(shape: Shape, fans: Fans, random: RandomSource, dtype: DType) -> Tensor {
    random.truncatedNormal(shape, mean: mean, standardDeviation: standardDeviation, dtype: dtype)
  }
}
