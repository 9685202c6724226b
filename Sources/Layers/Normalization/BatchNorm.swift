import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// Normalizes each channel to mean 0 and variance 1 over the batch, then applies a trained scale and shift.
///
///     y = γ·(x − μ)/√(σ² + ε) + β
///
/// In training, μ and σ² are the batch's mean and biased variance over all axes but the last. They update the running
/// statistics, initially 0 and 1, which inference uses:
///
///     r ← momentum·r + (1 − momentum)·batch
///
/// Conventions and defaults are Keras's.
///
/// Shapes: input […, channels], scale γ, shift β, runningMean and runningVariance [channels], output as the input.
/// (Ioffe and Szegedy: Batch normalization, 2015.)
public struct BatchNorm: Layer, Registrable {
  public static let name = "batch-norm"
  public static let card = Card(
    "Normalizes each channel over the batch, so that deep networks train faster.",
    formula: "y = γ·(x − μ)/√(σ² + ε) + β",
    references: ["Ioffe, Szegedy: Batch normalization (2015), arXiv:1502.03167"])

  @Field("Decay rate of the running statistics", .in(0..<1)) var momentum = 0.99
  @Field("Small constant ε added to the variance", .positive) var epsilon = 0.001

  public init() {}

  /// Traps on a momentum outside 0..<1 and on an epsilon that is not positive.
  public init(momentum: Double = 0.99, epsilon: Double = 0.001, file: StaticString = #fileID, line: UInt = #line) {
    self.momentum = momentum
    self.epsilon = epsilon
    self = required(file: file, line: line)
  }

  /// Declares scale, shift, and running statistics.
  public func declare(in builder: inout ParameterBuilder, input: Shape) throws -> Shape {
    guard let channels = input.last else {
      throw LayerError(path: builder.path, "it takes inputs […, channels], not single numbers")
    }
    try builder.parameter("scale", shape: [channels], initializer: Constant(1))
    try builder.parameter("shift", shape: [channels], initializer: Zeros())
    try builder.state("runningMean", initial: Tensor.zeros([channels], dtype: builder.dtype))
    try builder.state("runningVariance", initial: Tensor.ones([channels], dtype: builder.dtype))
    return input
  }

  /// Two, unless an input has several values of each channel, because a single value has no variance.
  public func leastTrainingRows(for input: Shape) -> Int { input.elementCount > (input.last ?? 1) ? 1 : 2 }

  /// The normalized input; in training, also updates the running statistics.
  public func callAsFunction(_ input: Variable, _ parameters: Parameters, _ context: inout Context) -> Variable {
    let (scale, shift) = (parameters["scale"], parameters["shift"])
    let (mean, variance) = (parameters["runningMean"], parameters["runningVariance"])
    guard context.isTraining, input.shape.elementCount > 0 else {
      let factor = scale * (variance + epsilon).rsqrt()
      return input * factor + (shift - mean * factor)
    }
    let channels = input.shape[-1]
    require(
      input.shape.elementCount > channels,
      "layer \(parameters.path): batch normalization needs the variance over the batch, but this one has a single value "
        + "per channel; train with at least 2 rows")
    let rows = input.reshaped(to: [input.shape.elementCount / channels, channels])
    let results = Variable.apply(BatchNormalization(epsilon: epsilon), to: [rows, scale, shift])
    for (name, old, new) in [("runningMean", mean, results[1]), ("runningVariance", variance, results[2])] {
      context.update(name, of: parameters, to: old.value * momentum + new.value * (1 - momentum))
    }
    return results[0].reshaped(to: input.shape)
  }
}
