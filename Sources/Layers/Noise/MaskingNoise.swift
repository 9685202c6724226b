import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// Sets a random share of its inputs to zero while training and leaves the others as they are: the corruption of a
/// denoising autoencoder.
///
/// yᵢ = xᵢ·mᵢ, P(mᵢ = 0) = rate: dropout without its scale. (Vincent, Larochelle, Bengio and Manzagol: Extracting and
/// composing robust features with denoising autoencoders, 2008.)
public struct MaskingNoise: Layer, Registrable {
  /// The layer's configuration.
  public struct Configuration: ConfigurationFields {
    /// The share of zeros, or a schedule of it.
    public var rate: NumberOrSpecification = 0.3

    /// Three in ten.
    public init() {}
  }

  /// `"masking-noise"`.
  public static let name = "masking-noise"
  /// What is worth knowing.
  public static let card = Card(
    "Sets a random share of its inputs to zero while training, the others as they are: a corruption to undo.",
    formula: "yᵢ = xᵢ·mᵢ,  P(mᵢ = 0) = rate",
    fields: ["rate": "The share of zeros, at least 0 and below 1: a number or a schedule."],
    references: [
      "Vincent et al.: Extracting and composing robust features with denoising autoencoders (2008)"
    ])

  let rate: ScheduledNumber

  /// Checks the rate.
  public init(_ configuration: Configuration, in registries: Registries) throws {
    rate = try registries.rate(configuration.rate)
  }

  /// A share of zeros, or a schedule of it. Traps unless it is in 0..<1.
  public init(_ rate: any Schedule, file: StaticString = #fileID, line: UInt = #line) {
    self.rate = rate.checkedRate(file, line)
  }

  /// The input's shape.
  public func declare(in builder: inout ParameterBuilder, input: Shape) throws -> Shape {
    builder.schedule(rate)
    return input
  }

  /// The masked input while training.
  public func callAsFunction(_ input: Variable, _ parameters: Parameters, _ context: inout Context) -> Variable {
    guard context.isTraining else { return input }
    let keep = 1 - rate.value(at: context.progress, in: parameters.path)
    return Variable.applying(InvertedDropout(keep: keep, scale: 1, random: context.random(for: parameters)), input)
  }
}
