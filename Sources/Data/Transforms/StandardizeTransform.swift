import AviaryCore
import AviaryRegistry

/// Standardizes each feature to mean 0 and standard deviation 1 on the training inputs:
///
/// ```
/// y = (x − μ) / σ,  σ = √(Σ (x − μ)² / n)
/// ```
///
/// A feature that is constant in the training inputs becomes 0 there: its σ counts as 1.
///
/// Shapes: [n, …] → [n, …]; μ and σ are […], [channels] or [].
public struct StandardizeTransform: Transform, Registrable {
  public static let name = "standardize"
  public static let card = Card(
    "Standardizes inputs to mean 0 and standard deviation 1 on the training part; constant inputs become 0.",
    formula: "y = (x − μ) / σ;  μ = 1/n · Σ x;  σ² = 1/n · Σ (x − μ)²")

  @Field("Scope of mean and deviation: each feature, each channel (last axis), or all inputs together")
  var per = FeatureScope.feature

  public init() {}

  /// Standardizes; by default each feature separately.
  public init(per scope: FeatureScope = .feature) { per = scope }

  /// `"mean"` and `"deviation"`, in float64.
  public func fitted(to inputs: Tensor) throws -> NamedTensors {
    let statistics = try InputStatistics(of: inputs, over: per, for: Self.name)
    let deviation = statistics.deviation
    let ones = Tensor(repeating: 1, shape: deviation.shape, dtype: .float64)
    // The deviation of tiny values underflows to 0 although they differ.
    let isZero = statistics.isConstant.logicalOr(deviation .== 0)
    return ["mean": statistics.mean, "deviation": Tensor.where(isZero, ones, deviation)]
  }

  public func callAsFunction(_ inputs: Tensor, _ learned: NamedTensors) throws -> Tensor {
    let x = inputs.inFloatingPoint
    let mean = try learnedTensor("mean", in: learned, for: x, of: Self.name)
    let deviation = try learnedTensor("deviation", in: learned, for: x, of: Self.name)
    return (x - mean) / deviation
  }

  /// The inverse:
  ///
  /// ```
  /// x = y · σ + μ
  /// ```
  public func inverse(_ outputs: Tensor, _ learned: NamedTensors) throws -> Tensor? {
    let y = outputs.inFloatingPoint
    let mean = try learnedTensor("mean", in: learned, for: y, of: Self.name)
    let deviation = try learnedTensor("deviation", in: learned, for: y, of: Self.name)
    return y * deviation + mean
  }
}
