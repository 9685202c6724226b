import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// Sets random inputs to the minimum or maximum value in training, with equal probability: a corruption of images.
///
///     P(yᵢ = low) = P(yᵢ = high) = rate/2, else yᵢ = xᵢ
///
/// (Vincent et al.: Stacked denoising autoencoders, 2010.)
public struct SaltAndPepperNoise: Layer, Registrable {
  public static let name = "salt-and-pepper-noise"
  public static let card = Card(
    "Sets random inputs to the minimum or maximum value in training: a corruption for denoising autoencoders.",
    formula: "P(yᵢ = low) = P(yᵢ = high) = rate/2, else yᵢ = xᵢ",
    references: ["Vincent et al.: Stacked denoising autoencoders (2010)"])

  @Field(.schedule, "Fraction of changed inputs, a number or a schedule", .in(0..<1)) var rate: any Schedule = 0.3
  @Field("Minimum value of an input") var low = 0.0
  @Field("Maximum value of an input, above low") var high = 1.0

  public init() {}

  /// Traps unless the rate is in 0..<1 and `low` is below `high`.
  public init(
    _ rate: any Schedule, low: Double = 0, high: Double = 1, file: StaticString = #fileID, line: UInt = #line
  ) {
    self.rate = rate
    self.low = low
    self.high = high
    self = required(file: file, line: line)
  }

  public func validate() throws { try Check.that(low < high, "high", "a number above low, \(low)", found: high) }

  public func declare(in builder: inout ParameterBuilder, input: Shape) throws -> Shape { input }

  /// Steps are independent.
  public var allowsPadding: Bool { true }

  /// Steps are independent.
  public var isCausal: Bool { true }

  /// The corrupted input in training.
  public func callAsFunction(_ input: Variable, _ parameters: Parameters, _ context: inout Context) -> Variable {
    guard context.isTraining else { return input }
    let rate = rate.share(in: context, of: parameters)
    let draws = Variable(context.random(for: parameters).uniform(input.shape, dtype: input.dtype))
    func constant(_ value: Double) -> Variable { Variable(Tensor(repeating: value, shape: [], dtype: input.dtype)) }
    return .where(draws .< (rate / 2), constant(low), .where(draws .< rate, constant(high), input))
  }
}
