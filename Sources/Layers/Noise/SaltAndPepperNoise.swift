import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// Sets a random share of its inputs to the least or the greatest value while training, either with the same
/// probability: a corruption of images.
///
/// yᵢ = low with the probability rate/2, high with rate/2, else xᵢ. (Vincent et al.: Stacked denoising autoencoders,
/// 2010.)
public struct SaltAndPepperNoise: Layer, Registrable {
  public static let name = "salt-and-pepper-noise"
  public static let card = Card(
    "Sets a random share of its inputs to the least or the greatest value while training: a corruption to undo.",
    formula: "P(yᵢ = low) = P(yᵢ = high) = rate/2, else yᵢ = xᵢ",
    references: ["Vincent et al.: Stacked denoising autoencoders (2010)"])

  @Field(.schedule, "Share of changed inputs, a number or a schedule", .in(0..<1)) var rate: any Schedule = 0.3
  @Field("Least value an input can have") var low = 0.0
  @Field("Greatest value an input can have, above low") var high = 1.0

  public init() {}

  /// A share of changed inputs, or a schedule of it, and the two values. Traps unless the share is in 0..<1 and low
  /// below high.
  public init(
    _ rate: any Schedule, low: Double = 0, high: Double = 1, file: StaticString = #fileID, line: UInt = #line
  ) {
    self.rate = rate
    self.low = low
    self.high = high
    self = required(file: file, line: line)
  }

  public func validate() throws { try Check.that(low < high, "high", "a number above low, \(low)", found: high) }

  /// The input's shape.
  public func declare(in builder: inout ParameterBuilder, input: Shape) throws -> Shape { input }

  /// The changed input while training.
  public func callAsFunction(_ input: Variable, _ parameters: Parameters, _ context: inout Context) -> Variable {
    guard context.isTraining else { return input }
    let rate = rate.share(in: context, of: parameters)
    let draws = Variable(context.random(for: parameters).uniform(input.shape, dtype: input.dtype))
    func constant(_ value: Double) -> Variable { Variable(Tensor(repeating: value, shape: [], dtype: input.dtype)) }
    return .where(draws .< (rate / 2), constant(low), .where(draws .< rate, constant(high), input))
  }
}
