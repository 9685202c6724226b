import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// Drops whole channels of an example while training: neighbouring pixels tell each other's values, so that dropping
/// them one by one hides little.
///
/// y[…, c] = x[…, c]·m_c / (1 − rate), P(m_c = 0) = rate, one mask for each example and channel, the last axis. Monte
/// Carlo inference draws masks, too. (Tompson, Goroshin, Jain, LeCun and Bregler: Efficient object localization using
/// convolutional networks, 2015.)
public struct SpatialDropout: Layer, Registrable {
  /// The layer's configuration.
  public struct Configuration: ConfigurationFields {
    /// The share of dropped channels, or a schedule of it.
    public var rate: NumberOrSpecification = 0.5

    /// Half.
    public init() {}
  }

  /// `"spatial-dropout"`.
  public static let name = "spatial-dropout"
  /// What is worth knowing.
  public static let card = Card(
    "Drops whole channels of an example while training; does nothing in inference.",
    formula: "y[…, c] = x[…, c]·m_c / (1 − rate),  P(m_c = 0) = rate",
    fields: ["rate": "The share of dropped channels, at least 0 and below 1: a number or a schedule."],
    references: [
      "Tompson et al.: Efficient object localization using convolutional networks (2015), arXiv:1411.4280"
    ])

  let rate: ScheduledNumber

  /// Checks the rate.
  public init(_ configuration: Configuration, in registries: Registries) throws {
    rate = try registries.rate(configuration.rate)
  }

  /// A share of dropped channels, half unless given, or a schedule of it. Traps unless it is in 0..<1.
  public init(_ rate: any Schedule = 0.5, file: StaticString = #fileID, line: UInt = #line) {
    self.rate = rate.checkedRate(file, line)
  }

  /// The input's shape.
  public func declare(in builder: inout ParameterBuilder, input: Shape) throws -> Shape {
    guard input.rank > 0 else {
      throw LayerError(path: builder.path, "it takes inputs […, channels], not single numbers")
    }
    builder.schedule(rate)
    return input
  }

  /// The input without the dropped channels while training.
  public func callAsFunction(_ input: Variable, _ parameters: Parameters, _ context: inout Context) -> Variable {
    let keep = 1 - rate.value(at: context.progress, in: parameters.path)
    guard context.drops, keep < 1 else { return input }
    let channels = Shape((0..<input.rank).map { $0 == 0 || $0 == input.rank - 1 ? input.shape[$0] : 1 })
    let mask = context.random(for: parameters).bernoulli(channels, probability: keep).cast(to: input.dtype)
    return input * Variable(mask / keep)
  }
}
