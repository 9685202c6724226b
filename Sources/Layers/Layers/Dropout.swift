import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// Sets a random share of its inputs to zero while training, so that no unit relies on another; does nothing in inference.
///
/// yᵢ = xᵢ·mᵢ / (1 − rate), where mᵢ is 0 with the probability `rate`, else 1. The mask is a pure function of the
/// context's random source and the layer's path: another at each step, the same when a step is repeated.
/// (Srivastava, Hinton, Krizhevsky, Sutskever and Salakhutdinov: Dropout, 2014.)
public struct Dropout: Layer, Registrable {
  /// The layer's configuration.
  public struct Configuration: ConfigurationFields {
    /// The share of zeros.
    public var rate = 0.5

    /// Half.
    public init() {}
  }

  /// `"dropout"`.
  public static let name = "dropout"
  /// What is worth knowing.
  public static let card = Card(
    "Sets a random share of its inputs to zero while training; does nothing in inference.",
    formula: "yᵢ = xᵢ·mᵢ / (1 − rate),  P(mᵢ = 0) = rate",
    fields: ["rate": "The share of zeros, at least 0 and below 1."],
    references: ["Srivastava et al.: Dropout: a simple way to prevent neural networks from overfitting (2014)"])

  let rate: Double

  /// Checks the rate.
  public init(_ configuration: Configuration, in registries: Registries) throws {
    rate = try Check.value(configuration.rate, in: 0..<1, "rate")
  }

  /// A share of zeros, half unless given. Traps unless it is in 0..<1.
  public init(_ rate: Double = 0.5) {
    precondition((0..<1).contains(rate), "a dropout rate of \(rate); it is in 0..<1")
    self.rate = rate
  }

  /// The input's shape.
  public func declare(in builder: inout ParameterBuilder, input: Shape) throws -> Shape { input }

  /// The masked input while training.
  public func callAsFunction(_ input: Variable, _ parameters: Parameters, _ context: inout Context) -> Variable {
    guard context.drops, rate > 0 else { return input }
    return Variable.applying(InvertedDropout(keep: 1 - rate, random: context.random(for: parameters)), input)
  }
}
