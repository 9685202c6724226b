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
  /// The layer's configuration.
  public struct Configuration: ConfigurationFields {
    /// The share of zeros, or a schedule of it.
    public var rate: NumberOrSpecification = 0.5
    /// s; 1 / (1 − rate) unless given.
    public var scale: Double?

    /// Half, scaled so that the mean stays.
    public init() {}
  }

  /// `"dropout"`.
  public static let name = "dropout"
  /// What is worth knowing.
  public static let card = Card(
    "Sets a random share of its inputs to zero while training; does nothing in inference.",
    formula: "yᵢ = s·xᵢ·mᵢ,  P(mᵢ = 0) = rate",
    fields: [
      "rate": "The share of zeros, at least 0 and below 1: a number, or a schedule (annealed dropout).",
      "scale": "What the rest is multiplied by while training, above 0; 1 / (1 − rate) unless given.",
    ],
    references: [
      "Srivastava et al.: Dropout: a simple way to prevent neural networks from overfitting (2014)",
      "Rennie, Goel, Thomas: Annealed dropout training of deep networks (2014)",
    ])

  let rate: ScheduledNumber
  let scale: Double?

  /// Checks rate and scale.
  public init(_ configuration: Configuration, in registries: Registries) throws {
    rate = try registries.rate(configuration.rate)
    scale = try configuration.scale.map { try Check.positive($0, "scale") }
  }

  /// A share of zeros, half unless given, or a schedule of it. Traps unless it is in 0..<1, or on a scale that is not
  /// positive.
  public init(
    _ rate: any Schedule = 0.5, scale: Double? = nil, file: StaticString = #fileID, line: UInt = #line
  ) {
    let number = scale ?? 1
    require(number > 0 && number.isFinite, "a dropout's scale of \(number); it is a positive number", file, line)
    self.rate = rate.checkedRate(file, line)
    self.scale = scale
  }

  /// The input's shape.
  public func declare(in builder: inout ParameterBuilder, input: Shape) throws -> Shape {
    builder.schedule(rate)
    return input
  }

  /// The masked input while training.
  public func callAsFunction(_ input: Variable, _ parameters: Parameters, _ context: inout Context) -> Variable {
    guard context.drops else { return input }
    let keep = 1 - rate.value(at: context.progress, in: parameters.path)
    if keep == 1 && scale == nil { return input }
    return Variable.applying(InvertedDropout(keep: keep, scale: scale, random: context.random(for: parameters)), input)
  }
}
