import AviaryCore
import AviaryRegistry

/// Normal numbers of a given mean and standard deviation, whatever the layer's size.
public struct Normal: Initializer, Registrable {
  /// The initializer's configuration.
  public struct Configuration: ConfigurationFields {
    /// μ.
    public var mean = 0.0
    /// σ.
    public var standardDeviation = 0.05

    /// A mean of 0 and a standard deviation of 0.05.
    public init() {}
  }

  /// `"normal"`.
  public static let name = "normal"
  /// What is worth knowing.
  public static let card = Card(
    "Normal, of a given mean and standard deviation.", formula: "w ~ N(μ, σ²)",
    fields: [
      "mean": "The mean μ.",
      "standardDeviation": "The standard deviation σ, at least 0.",
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

  /// Normal numbers.
  public func values(shape: Shape, fans: Fans, random: RandomSource, dtype: DType) -> Tensor {
    random.normal(shape, mean: mean, standardDeviation: standardDeviation, dtype: dtype)
  }
}
