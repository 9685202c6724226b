import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// Sets a random share of its inputs to the least or the greatest value while training, either with the same
/// probability: a corruption of images.
///
/// yᵢ = low with the probability rate/2, high with rate/2, else xᵢ. (Vincent et al.: Stacked denoising autoencoders,
/// 2010.)
public struct SaltAndPepperNoise: Layer, Registrable {
  /// The layer's configuration.
  public struct Configuration: ConfigurationFields {
    /// The share of changed inputs, or a schedule of it.
    public var rate: NumberOrSpecification = 0.3
    /// Pepper.
    public var low = 0.0
    /// Salt.
    public var high = 1.0

    /// Three in ten, for inputs in [0, 1].
    public init() {}
  }

  /// `"salt-and-pepper-noise"`.
  public static let name = "salt-and-pepper-noise"
  /// What is worth knowing.
  public static let card = Card(
    "Sets a random share of its inputs to the least or the greatest value while training: a corruption to undo.",
    formula: "P(yᵢ = low) = P(yᵢ = high) = rate/2, else yᵢ = xᵢ",
    fields: [
      "rate": "The share of changed inputs, at least 0 and below 1: a number or a schedule.",
      "low": "The least value an input can have.",
      "high": "The greatest value an input can have, above the least.",
    ],
    references: ["Vincent et al.: Stacked denoising autoencoders (2010)"])

  let rate: ScheduledNumber
  let low: Double
  let high: Double

  /// Checks rate and values.
  public init(_ configuration: Configuration, in registries: Registries) throws {
    rate = try registries.rate(configuration.rate)
    (low, high) = (configuration.low, configuration.high)
    try Check.that(low < high, "high", "a number above low, \(low)", found: high)
  }

  /// A share of changed inputs, or a schedule of it, and the two values. Traps unless the share is in 0..<1 and low
  /// below high.
  public init(
    _ rate: any Schedule, low: Double = 0, high: Double = 1, file: StaticString = #fileID, line: UInt = #line
  ) {
    require(
      low < high && low.isFinite && high.isFinite,
      "salt of \(high) and pepper of \(low); they are numbers, low below high",
      file, line)
    (self.rate, self.low, self.high) = (rate.checkedRate(file, line), low, high)
  }

  /// The input's shape.
  public func declare(in builder: inout ParameterBuilder, input: Shape) throws -> Shape {
    builder.schedule(rate)
    return input
  }

  /// The changed input while training.
  public func callAsFunction(_ input: Variable, _ parameters: Parameters, _ context: inout Context) -> Variable {
    guard context.isTraining else { return input }
    let rate = rate.value(at: context.progress, in: parameters.path)
    let draws = Variable(context.random(for: parameters).uniform(input.shape, dtype: input.dtype))
    func constant(_ value: Double) -> Variable { Variable(Tensor(repeating: value, shape: [], dtype: input.dtype)) }
    return .where(draws .< (rate / 2), constant(low), .where(draws .< rate, constant(high), input))
  }
}
