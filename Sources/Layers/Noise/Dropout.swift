import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// Sets a random share of its inputs to zero while training, so that no unit relies on another; does nothing in inference.
///
/// yᵢ = s·xᵢ·mᵢ, where mᵢ is 0 with the probability `rate`, else 1, and the scale s is 1 / (1 − rate) unless given, so that
/// the mean of y is x. The mask is a pure function of the context's random source and the layer's path: another at each
/// step, the same when a step is repeated. (Srivastava, Hinton, Krizhevsky, Sutskever and Salakhutdinov: Dropout, 2014.)
///
/// A rate that is a schedule gives annealed dropout: it falls from a high rate to 0 in the course of the training
/// (Rennie, Goel and Thomas: Annealed dropout training of deep networks, 2014). Monte Carlo inference draws masks, too:
/// of a schedule, those of its start.
public struct Dropout: Layer, Registrable {
  public static let name = "dropout"
  public static let card = Card(
    "Sets a random share of its inputs to zero while training; does nothing in inference.",
    formula: "yᵢ = s·xᵢ·mᵢ,  P(mᵢ = 0) = rate",
    references: [
      "Srivastava et al.: Dropout: a simple way to prevent neural networks from overfitting (2014)",
      "Rennie, Goel, Thomas: Annealed dropout training of deep networks (2014)",
    ])

  @Field(.schedule, "Share of zeros, a number or a schedule (annealed dropout)", .in(0..<1)) var rate: any Schedule =
    0.5
  @Field("What the rest is multiplied by while training; null for 1 / (1 − rate)", .positive) var scale: Double?

  public init() {}

  /// A share of zeros, half unless given, or a schedule of it. Traps unless it is in 0..<1, or on a scale that is not
  /// positive.
  public init(
    _ rate: any Schedule = 0.5, scale: Double? = nil, file: StaticString = #fileID, line: UInt = #line
  ) {
    self.rate = rate
    self.scale = scale
    self = required(file: file, line: line)
  }

  /// The input's shape.
  public func declare(in builder: inout ParameterBuilder, input: Shape) throws -> Shape { input }

  /// The masked input while training.
  public func callAsFunction(_ input: Variable, _ parameters: Parameters, _ context: inout Context) -> Variable {
    guard context.drops else { return input }
    let keep = 1 - rate.share(in: context, of: parameters)
    if keep == 1 && scale == nil { return input }
    return Variable.applying(InvertedDropout(keep: keep, scale: scale, random: context.random(for: parameters)), input)
  }
}
