import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// Adds normally distributed noise to its inputs while training; does nothing in inference.
///
/// y = x + σ·ε, ε ~ N(0, 1), independent for every element. (Bishop: Training with noise is equivalent to Tikhonov
/// regularization, 1995.)
public struct GaussianNoise: Layer, Registrable {
  public static let name = "gaussian-noise"
  public static let card = Card(
    "Adds normally distributed noise to its inputs while training; does nothing in inference.",
    formula: "y = x + σ·ε,  ε ~ N(0, 1)",
    references: ["Bishop: Training with noise is equivalent to Tikhonov regularization (1995)"])

  @Field(.schedule, "Standard deviation σ of the noise, a number or a schedule", .nonNegative)
  var standardDeviation: any Schedule = 0.1

  public init() {}

  /// A standard deviation, or a schedule of it. Traps where it is negative.
  public init(
    _ standardDeviation: any Schedule, file: StaticString = #fileID, line: UInt = #line
  ) {
    self.standardDeviation = standardDeviation
    self = required(file: file, line: line)
  }

  /// The input's shape.
  public func declare(in builder: inout ParameterBuilder, input: Shape) throws -> Shape { input }

  /// The noisy input while training.
  public func callAsFunction(_ input: Variable, _ parameters: Parameters, _ context: inout Context) -> Variable {
    guard context.isTraining else { return input }
    let deviation = standardDeviation.value(at: context.progress)
    require(
      deviation >= 0 && deviation.isFinite,
      "layer \(parameters.path): a standard deviation of \(deviation) in step \(context.progress.step + 1)")
    let random = context.random(for: parameters)
    return input + Variable(random.normal(input.shape, standardDeviation: deviation, dtype: input.dtype))
  }
}
