import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// Sets random inputs to zero in training without rescaling the rest: the corruption of a denoising autoencoder.
///
///     yᵢ = xᵢ·mᵢ,   P(mᵢ = 0) = rate
///
/// (Vincent, Larochelle, Bengio and Manzagol: Extracting and composing robust features with denoising autoencoders,
/// 2008.)
public struct MaskingNoise: Layer, Registrable {
  public static let name = "masking-noise"
  public static let card = Card(
    "Sets random inputs to zero in training without rescaling the rest: a corruption for denoising autoencoders.",
    formula: "yᵢ = xᵢ·mᵢ,  P(mᵢ = 0) = rate",
    references: [
      "Vincent et al.: Extracting and composing robust features with denoising autoencoders (2008)"
    ])

  @Field(.schedule, "Fraction of zeros, a number or a schedule", .in(0..<1)) var rate: any Schedule = 0.3

  public init() {}

  /// Traps unless the rate is in 0..<1.
  public init(
    _ rate: any Schedule, file: StaticString = #fileID, line: UInt = #line
  ) {
    self.rate = rate
    self = required(file: file, line: line)
  }

  public func declare(in builder: inout ParameterBuilder, input: Shape) throws -> Shape { input }

  /// Steps are independent.
  public var allowsPadding: Bool { true }

  /// Steps are independent.
  public var isCausal: Bool { true }

  /// The masked input in training.
  public func callAsFunction(_ input: Variable, _ parameters: Parameters, _ context: inout Context) -> Variable {
    guard context.isTraining else { return input }
    let keep = 1 - rate.share(in: context, of: parameters)
    return Variable.applying(InvertedDropout(keep: keep, scale: 1, random: context.random(for: parameters)), input)
  }
}
