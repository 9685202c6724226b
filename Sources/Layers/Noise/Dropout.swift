import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// Sets random inputs to zero in training, so that no unit relies on another; inactive at inference.
///
///     yᵢ = s·xᵢ·mᵢ,   P(mᵢ = 0) = rate
///
/// By default the scale s is 1 / (1 − rate), so that the mean of y is x. The mask is a pure function of the context's
/// random source and the layer's path: different at each step, the same if a step is repeated. (Srivastava, Hinton,
/// Krizhevsky, Sutskever and Salakhutdinov: Dropout, 2014.)
///
/// A schedule as the rate gives annealed dropout, from a high rate to 0 during training (Rennie, Goel and Thomas:
/// Annealed dropout training of deep networks, 2014). Monte Carlo inference also draws masks, with the initial rate of
/// a schedule.
public struct Dropout: Layer, Registrable {
  public static let name = "dropout"
  public static let card = Card(
    "Sets random inputs to zero in training; inactive at inference.",
    formula: "yᵢ = s·xᵢ·mᵢ,  P(mᵢ = 0) = rate",
    references: [
      "Srivastava et al.: Dropout: a simple way to prevent neural networks from overfitting (2014)",
      "Rennie, Goel, Thomas: Annealed dropout training of deep networks (2014)",
    ])

  @Field(.schedule, "Dropout rate, a number or a schedule (annealed dropout)", .in(0..<1)) var rate: any Schedule =
    0.5
  @Field("Scale of the kept inputs in training; null for 1 / (1 − rate)", .positive) var scale: Double?

  public init() {}

  /// Traps unless the rate is in 0..<1 and the scale positive.
  public init(
    _ rate: any Schedule = 0.5, scale: Double? = nil, file: StaticString = #fileID, line: UInt = #line
  ) {
    self.rate = rate
    self.scale = scale
    self = required(file: file, line: line)
  }

  public func declare(in builder: inout ParameterBuilder, input: Shape) throws -> Shape { input }

  /// Steps are independent.
  public var allowsPadding: Bool { true }

  /// Steps are independent.
  public var isCausal: Bool { true }

  /// The masked input in training.
  public func callAsFunction(_ input: Variable, _ parameters: Parameters, _ context: inout Context) -> Variable {
    guard context.drops else { return input }
    let keep = 1 - rate.share(in: context, of: parameters)
    if keep == 1 && scale == nil { return input }
    return Variable.applying(InvertedDropout(keep: keep, scale: scale, random: context.random(for: parameters)), input)
  }
}
