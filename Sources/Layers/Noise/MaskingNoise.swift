import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// Sets a random share of its inputs to zero while training and leaves the others as they are: the corruption of a
/// denoising autoencoder.
///
/// yᵢ = xᵢ·mᵢ, P(mᵢ = 0) = rate: dropout without its scale. (Vincent, Larochelle, Bengio and Manzagol: Extracting and
/// composing robust features with denoising autoencoders, 2008.)
public struct MaskingNoise: Layer, Registrable {
  public static let name = "masking-noise"
  public static let card = Card(
    "Sets a random share of its inputs to zero while training, the others as they are: a corruption to undo.",
    formula: "yᵢ = xᵢ·mᵢ,  P(mᵢ = 0) = rate",
    references: [
      "Vincent et al.: Extracting and composing robust features with denoising autoencoders (2008)"
    ])

  @Field(.schedule, "Share of zeros, a number or a schedule", .in(0..<1)) var rate: any Schedule = 0.3

  public init() {}

  /// A share of zeros, or a schedule of it. Traps unless it is in 0..<1.
  public init(
    _ rate: any Schedule, file: StaticString = #fileID, line: UInt = #line
  ) {
    self.rate = rate
    self = required(file: file, line: line)
  }

  /// The input's shape.
  public func declare(in builder: inout ParameterBuilder, input: Shape) throws -> Shape { input }

  /// The masked input while training.
  public func callAsFunction(_ input: Variable, _ parameters: Parameters, _ context: inout Context) -> Variable {
    guard context.isTraining else { return input }
    let keep = 1 - rate.share(in: context, of: parameters)
    return Variable.applying(InvertedDropout(keep: keep, scale: 1, random: context.random(for: parameters)), input)
  }
}
