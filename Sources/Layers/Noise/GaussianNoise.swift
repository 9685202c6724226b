import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// Adds normal noise to its inputs in training; inactive at inference.
///
///     y = x + σ·ε,   ε ~ N(0, 1), independent for each element
///
/// (Bishop: Training with noise is equivalent to Tikhonov regularization, 1995.)
public struct GaussianNoise: Layer, Registrable {
  public static let name = "gaussian-noise"
  public static let card = Card(
    "Adds normal noise to its inputs in training; inactive at inference.",
    formula: "y = x + σ·ε,  ε ~ N(0, 1)",
    references: ["Bishop: Training with noise is equivalent to Tikhonov regularization (1995)"])

  @Field(.schedule, "Standard deviation σ of the noise, a number or a schedule", .nonNegative)
  var standardDeviation: any Schedule = 0.1

  public init() {}

  /// Traps if the standard deviation is negative.
  public init(
    _ standardDeviation: any Schedule, file: StaticString = #fileID, line: UInt = #line
  ) {
    self.standardDeviation = standardDeviation
    self = required(file: file, line: line)
  }

  public func declare(in builder: inout ParameterBuilder, input: Shape) throws -> Shape { input }

  /// Steps are independent.
  public var allowsPadding: Bool { true }

  /// Steps are independent.
  public var isCausal: Bool { true }

  /// The noisy input in training.
  public func callAsFunction(_ input: Variable, _ parameters: Parameters, _ context: inout Context) -> Variable {
    guard context.isTraining else { return input }
    let deviation = standardDeviation.value(at: context.progress)
    require(
      deviation >= 0 && deviation.isFinite,
      "layer \(parameters.path): the standard deviation is \(deviation) in step \(context.progress.step + 1), but must be at least 0"
    )
    let random = context.random(for: parameters)
    return input + Variable(random.normal(input.shape, standardDeviation: deviation, dtype: input.dtype))
  }
}
