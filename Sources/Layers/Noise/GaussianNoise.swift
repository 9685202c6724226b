import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// Adds normally distributed noise to its inputs while training; does nothing in inference.
///
/// y = x + σ·ε, ε ~ N(0, 1), independent for every element. (Bishop: Training with noise is equivalent to Tikhonov
/// regularization, 1995.)
public struct GaussianNoise: Layer, Registrable {
  /// The layer's configuration.
  public struct Configuration: ConfigurationFields {
    /// σ, or a schedule of it.
    public var standardDeviation: NumberOrSpecification = 0.1

    /// A tenth.
    public init() {}
  }

  /// `"gaussian-noise"`.
  public static let name = "gaussian-noise"
  /// What is worth knowing.
  public static let card = Card(
    "Adds normally distributed noise to its inputs while training; does nothing in inference.",
    formula: "y = x + σ·ε,  ε ~ N(0, 1)",
    fields: ["standardDeviation": "The noise's standard deviation σ, at least 0: a number or a schedule."],
    references: ["Bishop: Training with noise is equivalent to Tikhonov regularization (1995)"])

  let standardDeviation: ScheduledNumber

  /// Checks the deviation.
  public init(_ configuration: Configuration, in registries: Registries) throws {
    standardDeviation = try registries.schedule(
      "standardDeviation", configuration.standardDeviation, in: 0..<(.infinity))
  }

  /// A standard deviation, or a schedule of it. Traps where it is negative or infinite.
  public init(_ standardDeviation: any Schedule, file: StaticString = #fileID, line: UInt = #line) {
    require(
      standardDeviation.extremes.allSatisfy { $0 >= 0 && $0.isFinite },
      "a standard deviation of \(standardDeviation.extremes); it is a number of at least 0", file, line)
    self.standardDeviation = ScheduledNumber("standardDeviation", standardDeviation, in: 0..<(.infinity))
  }

  /// The input's shape.
  public func declare(in builder: inout ParameterBuilder, input: Shape) throws -> Shape {
    builder.schedule(standardDeviation)
    return input
  }

  /// The noisy input while training.
  public func callAsFunction(_ input: Variable, _ parameters: Parameters, _ context: inout Context) -> Variable {
    guard context.isTraining else { return input }
    let deviation = standardDeviation.value(at: context.progress, in: parameters.path)
    let random = context.random(for: parameters)
    return input + Variable(random.normal(input.shape, standardDeviation: deviation, dtype: input.dtype))
  }
}
