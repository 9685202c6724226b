import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// Drops whole channels of an example in training: since neighboring pixels are correlated, dropping single ones
/// removes little information.
///
///     y[…, c] = x[…, c]·m_c / (1 − rate),   P(m_c = 0) = rate
///
/// Each example and channel (the last axis) has one mask. Monte Carlo inference also draws masks. (Tompson, Goroshin,
/// Jain, LeCun and Bregler: Efficient object localization using convolutional networks, 2015.)
public struct SpatialDropout: Layer, Registrable {
  public static let name = "spatial-dropout"
  public static let card = Card(
    "Drops whole channels of an example in training; inactive at inference.",
    formula: "y[…, c] = x[…, c]·m_c / (1 − rate),  P(m_c = 0) = rate",
    references: [
      "Tompson et al.: Efficient object localization using convolutional networks (2015), arXiv:1411.4280"
    ])

  @Field(.schedule, "Dropout rate of channels, a number or a schedule", .in(0..<1)) var rate: any Schedule = 0.5

  public init() {}

  /// Traps unless the rate is in 0..<1.
  public init(
    _ rate: any Schedule = 0.5, file: StaticString = #fileID, line: UInt = #line
  ) {
    self.rate = rate
    self = required(file: file, line: line)
  }

  public func declare(in builder: inout ParameterBuilder, input: Shape) throws -> Shape {
    guard input.rank > 0 else {
      throw LayerError(path: builder.path, "it takes inputs […, channels], not single numbers")
    }
    return input
  }

  /// Steps are independent.
  public var allowsPadding: Bool { true }

  /// Steps are independent.
  public var isCausal: Bool { true }

  /// The masked input in training.
  public func callAsFunction(_ input: Variable, _ parameters: Parameters, _ context: inout Context) -> Variable {
    let keep = 1 - rate.share(in: context, of: parameters)
    guard context.drops, keep < 1 else { return input }
    let channels = Shape((0..<input.rank).map { $0 == 0 || $0 == input.rank - 1 ? input.shape[$0] : 1 })
    let mask = context.random(for: parameters).bernoulli(channels, probability: keep).cast(to: input.dtype)
    return input * Variable(mask / keep)
  }
}
