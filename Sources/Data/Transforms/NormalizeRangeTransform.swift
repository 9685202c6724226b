import AviaryCore
import AviaryRegistry

/// Scales each feature linearly so that the training inputs fill a range:
///
/// ```
/// y = low + (high − low) · (x − min) / (max − min)
/// ```
///
/// A feature that is constant in the training inputs becomes `low` there. Other inputs may leave the range unless they
/// are clipped.
///
/// Shapes: [n, …] → [n, …]; the bounds are […], [channels] or [].
public struct NormalizeRangeTransform: Transform, Registrable {
  public static let name = "normalize-range"
  public static let card = Card(
    "Scales inputs linearly so that the training part fills a range, by default [0, 1].",
    formula: "y = low + (high − low) · (x − min) / (max − min)")

  @Field("What the smallest training input becomes") package var low = 0.0
  @Field("What the largest training input becomes, above low") package var high = 1.0
  @Field("Whether to clip other rows' values to the range") package var clips = false
  @Field("Scope of the bounds: each feature, each channel (last axis), or all inputs together")
  var per = FeatureScope.feature

  public init() {}

  /// Normalizes to a range, by default for each feature and without clipping. Traps on an empty range.
  public init(_ range: ClosedRange<Double> = 0...1, clips: Bool = false, per scope: FeatureScope = .feature) {
    low = range.lowerBound
    high = range.upperBound
    self.clips = clips
    per = scope
    self = required()
  }

  public func validate() throws {
    try Check.that(low.isFinite, "low", "a number", found: low)
    try Check.that(high > low && (high - low).isFinite, "high", "a number above low, \(low)", found: high)
  }

  /// `"least"` (min) and `"extent"` (max − min, or 1 if that is 0), in float64.
  public func fitted(to inputs: Tensor) throws -> NamedTensors {
    let statistics = try InputStatistics(of: inputs, over: per, for: Self.name)
    let ones = Tensor(repeating: 1, shape: statistics.least.shape, dtype: .float64)
    let extent = Tensor.where(statistics.isConstant, ones, statistics.greatest - statistics.least)
    return ["least": statistics.least, "extent": extent]
  }

  public func callAsFunction(_ inputs: Tensor, _ learned: NamedTensors) throws -> Tensor {
    let x = inputs.inFloatingPoint
    let least = try learnedTensor("least", in: learned, for: x, of: Self.name)
    let extent = try learnedTensor("extent", in: learned, for: x, of: Self.name)
    let share = (x - least) / extent
    let result = low == 0 && high == 1 ? share : share * (high - low) + low
    return clips ? result.clamped(to: low...high) : result
  }

  /// The inverse:
  ///
  /// ```
  /// x = min + (max − min) · (y − low) / (high − low)
  /// ```
  public func inverse(_ outputs: Tensor, _ learned: NamedTensors) throws -> Tensor? {
    let y = outputs.inFloatingPoint
    let least = try learnedTensor("least", in: learned, for: y, of: Self.name)
    let extent = try learnedTensor("extent", in: learned, for: y, of: Self.name)
    let share = low == 0 && high == 1 ? y : (y - low) / (high - low)
    return share * extent + least
  }
}
