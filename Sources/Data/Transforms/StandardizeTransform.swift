import AviaryCore
import AviaryRegistry

/// Shifts and scales each feature to mean 0 and deviation 1 on the training inputs: y = (x − μ) / σ.
///
/// A feature that is constant in the training inputs becomes 0 there: its σ counts as 1. σ is √(Σ (x − μ)² / n).
///
/// Shapes: [n, …] → [n, …]; μ and σ are […], [channels] or [].
public struct StandardizeTransform: Transform, Registrable {
  public static let name = "standardize"
  public static let card = Card(
    "Shifts and scales inputs to mean 0 and deviation 1 on the training part; what is constant there becomes 0.",
    formula: "y = (x − μ) / σ;  μ = 1/n · Σ x;  σ² = 1/n · Σ (x − μ)²")

  @Field("What has its own mean and deviation: each feature, each channel (last axis), or all inputs together")
  var per = FeatureScope.feature

  public init() {}

  /// A standardization of each feature by itself unless said otherwise.
  public init(per scope: FeatureScope = .feature) { per = scope }

  /// `"mean"` and `"deviation"`, in float64.
  public func fitted(to inputs: Tensor) throws -> NamedTensors {
    let statistics = try InputStatistics(of: inputs, over: per, for: Self.name)
    let deviation = statistics.deviation
    let ones = Tensor(repeating: 1, shape: deviation.shape, dtype: .float64)
    // The deviation of tiny numbers underflows to 0 although they differ.
    let isZero = statistics.isConstant.logicalOr(deviation .== 0)
    return ["mean": statistics.mean, "deviation": Tensor.where(isZero, ones, deviation)]
  }

  /// Element by element.
  public func callAsFunction(_ inputs: Tensor, _ learned: NamedTensors) throws -> Tensor {
    let x = inputs.inFloatingPoint
    let mean = try learnedTensor("mean", in: learned, for: x, of: Self.name)
    let deviation = try learnedTensor("deviation", in: learned, for: x, of: Self.name)
    return (x - mean) / deviation
  }

  /// x = y · σ + μ.
  public func inverse(_ outputs: Tensor, _ learned: NamedTensors) throws -> Tensor? {
    let y = outputs.inFloatingPoint
    let mean = try learnedTensor("mean", in: learned, for: y, of: Self.name)
    let deviation = try learnedTensor("deviation", in: learned, for: y, of: Self.name)
    return y * deviation + mean
  }
}
