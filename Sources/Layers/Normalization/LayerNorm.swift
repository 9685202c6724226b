import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// Normalizes the channels of each position and example to mean 0 and variance 1, then applies a trained scale and
/// shift.
///
///     y = γ·(x − μ)/√(σ² + ε) + β
///
/// Here μ and σ² are the mean and biased variance over the last axis, or over several last axes. Training and inference
/// are the same, and examples are independent, so that batches of one row work.
///
/// Shapes: input […, channels], scale γ and shift β [channels] (or the last axes), output as the input. (Ba, Kiros and
/// Hinton: Layer normalization, 2016.)
public struct LayerNorm: Layer, Registrable {
  public static let name = "layer-norm"
  public static let card = Card(
    "Normalizes the channels of each position and example.", formula: "y = γ·(x − μ)/√(σ² + ε) + β",
    references: ["Ba, Kiros, Hinton: Layer normalization (2016), arXiv:1607.06450"])

  var last = LastAxes()
  var scaleAndShift = ScaleAndShift()

  public init() {}

  /// Traps unless `axes` is in 1...7 and `epsilon` positive.
  public init(
    axes: Int = 1, epsilon: Double = 1e-5, affine: Bool = true, file: StaticString = #fileID, line: UInt = #line
  ) {
    last = LastAxes(axes)
    scaleAndShift = ScaleAndShift(epsilon: epsilon, affine: affine)
    self = required(file: file, line: line)
  }

  public func declare(in builder: inout ParameterBuilder, input: Shape) throws -> Shape {
    try scaleAndShift.declare(in: &builder, shape: try last.shape(of: input, at: builder.path))
    return input
  }

  /// True if only the channels are normalized, each step separately.
  public var allowsPadding: Bool { last.axes == 1 }

  /// True under the same condition as `allowsPadding`.
  public var isCausal: Bool { allowsPadding }

  public func callAsFunction(_ input: Variable, _ parameters: Parameters, _ context: inout Context) -> Variable {
    scaleAndShift(input, as: last.rows(of: input.shape), groups: 1, parameters)
  }
}
