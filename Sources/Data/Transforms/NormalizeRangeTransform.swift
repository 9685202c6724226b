import AviaryCore
import AviaryRegistry

/// Shifts and scales each feature so that the training inputs fill a range:
/// y = low + (high − low) · (x − least) / (greatest − least).
///
/// A feature that is constant in the training inputs becomes `low` there. Other inputs may leave the range, unless they are
/// clipped to it.
///
/// Shapes: [n, …] → [n, …]; the bounds are […], [channels] or [].
public struct NormalizeRangeTransform: Transform, Registrable {
  public static let name = "normalize-range"
  public static let card = Card(
    "Shifts and scales inputs so that the training part fills a range, from 0 to 1 by default.",
    formula: "y = low + (high − low) · (x − min) / (max − min)")

  @Field("What the least training input becomes") var low = 0.0
  @Field("What the greatest training input becomes, above low") var high = 1.0
  @Field("Clips numbers of other rows that leave the range to its nearest end") var clips = false
  @Field("What has its own bounds: each feature, each channel (last axis), or all inputs together")
  var per = FeatureScope.feature

  public init() {}

  /// A range for each feature by itself, and nothing clipped, unless said otherwise. Traps on an empty range.
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

  /// `"least"` and `"extent"` (greatest − least, 1 where that is 0), in float64.
  public func fitted(to inputs: Tensor) throws -> NamedTensors {
    let statistics = try InputStatistics(of: inputs, over: per, for: Self.name)
    let ones = Tensor(repeating: 1, shape: statistics.least.shape, dtype: .float64)
    let extent = Tensor.where(statistics.isConstant, ones, statistics.greatest - statistics.least)
    return ["least": statistics.least, "extent": extent]
  }

  /// Element by element.
  public func callAsFunction(_ inputs: Tensor, _ learned: NamedTensors) throws -> Tensor {
    let x = inputs.inFloatingPoint
    let least = try learnedTensor("least", in: learned, for: x, of: Self.name)
    let extent = try learnedTensor("extent", in: learned, for: x, of: Self.name)
    let share = (x - least) / extent
    let result = low == 0 && high == 1 ? share : share * (high - low) + low
    return clips ? result.clamped(to: low...high) : result
  }

  /// x = min + (max − min) · (y − low) / (high − low).
  public func inverse(_ outputs: Tensor, _ learned: NamedTensors) throws -> Tensor? {
    let y = outputs.inFloatingPoint
    let least = try learnedTensor("least", in: learned, for: y, of: Self.name)
    let extent = try learnedTensor("extent", in: learned, for: y, of: Self.name)
    let share = low == 0 && high == 1 ? y : (y - low) / (high - low)
    return share * extent + least
  }
}
