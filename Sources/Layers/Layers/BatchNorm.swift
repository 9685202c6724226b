import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// Normalizes each channel to mean 0 and variance 1 over the batch, then scales and shifts it by trained numbers.
///
/// y = γ·(x − μ)/√(σ² + ε) + β. While training, μ and σ² are the batch's mean and biased variance, over all axes but the
/// last, and enter running ones: r ← momentum·r + (1 − momentum)·batch. Inference uses the running ones, which begin
/// as 0 and 1. Conventions and defaults are Keras's.
///
/// Shapes: input […, channels], scale γ, shift β, runningMean and runningVariance [channels], output as the input.
/// (Ioffe and Szegedy: Batch normalization, 2015.)
public struct BatchNorm: Layer, Registrable {
  /// The layer's configuration.
  public struct Configuration: ConfigurationFields {
    /// The share of the running statistics that a step keeps.
    public var momentum = 0.99
    /// ε.
    public var epsilon = 0.001

    /// Keras's defaults.
    public init() {}
  }

  /// `"batch-norm"`.
  public static let name = "batch-norm"
  /// What is worth knowing.
  public static let card = Card(
    "Normalizes each channel over the batch, so that deep networks train faster.",
    formula: "y = γ·(x − μ)/√(σ² + ε) + β",
    fields: [
      "momentum": "The share of the running statistics that a step keeps, at least 0 and below 1.",
      "epsilon": "Added to the variance, above 0.",
    ],
    references: ["Ioffe, Szegedy: Batch normalization (2015), arXiv:1502.03167"])

  let momentum: Double
  let epsilon: Double

  /// Checks the numbers.
  public init(_ configuration: Configuration, in registries: Registries) throws {
    momentum = try Check.value(configuration.momentum, in: 0..<1, "momentum")
    epsilon = try Check.positive(configuration.epsilon, "epsilon")
  }

  /// A momentum of 0.99 and an epsilon of 0.001 unless given. Traps on a momentum outside 0..<1 and on an epsilon that
  /// is not positive.
  public init(momentum: Double = 0.99, epsilon: Double = 0.001, file: StaticString = #fileID, line: UInt = #line) {
    require(
      (0..<1).contains(momentum) && epsilon > 0, "a momentum of \(momentum), an epsilon of \(epsilon)", file, line)
    self.momentum = momentum
    self.epsilon = epsilon
  }

  /// Scale and shift, and the running statistics.
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

  /// The normalized input; while training, new running statistics.
  public func callAsFunction(_ input: Variable, _ parameters: Parameters, _ context: inout Context) -> Variable {
    let (scale, shift) = (parameters["scale"], parameters["shift"])
    let (mean, variance) = (parameters["runningMean"], parameters["runningVariance"])
    guard context.isTraining, input.shape.elementCount > 0 else {
      let factor = scale * (variance + epsilon).rsqrt()
      return input * factor + (shift - mean * factor)
    }
    let channels = input.shape[-1]
    let rows = input.reshaped(to: [input.shape.elementCount / channels, channels])
    let results = Variable.apply(BatchNormalization(epsilon: epsilon), to: [rows, scale, shift])
    for (name, old, new) in [("runningMean", mean, results[1]), ("runningVariance", variance, results[2])] {
      context.update(name, of: parameters, to: old.value * momentum + new.value * (1 - momentum))
    }
    return results[0].reshaped(to: input.shape)
  }
}
