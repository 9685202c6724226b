import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// Normalizes the channels of each place of each example to mean 0 and variance 1, then scales and shifts them by trained
/// numbers.
///
/// y = γ·(x − μ)/√(σ² + ε) + β, μ and σ² the mean and the biased variance over the last axis, or over the last few.
/// It does the same in training and inference, and each example for itself, so that batches of one row will do.
///
/// Shapes: input […, channels], scale γ and shift β [channels] (or the last few axes), output as the input.
/// (Ba, Kiros and Hinton: Layer normalization, 2016.)
public struct LayerNorm: Layer, Registrable {
  public static let name = "layer-norm"
  public static let card = Card(
    "Normalizes the channels of each place, example by example.", formula: "y = γ·(x − μ)/√(σ² + ε) + β",
    references: ["Ba, Kiros, Hinton: Layer normalization (2016), arXiv:1607.06450"])

  var last = LastAxes()
  var scaleAndShift = ScaleAndShift()

  public init() {}

  /// Over the last axis, with an epsilon of 10⁻⁵ and trained γ and β unless given. Traps unless `axes` is in 1...7 and
  /// `epsilon` positive.
  public init(
    axes: Int = 1, epsilon: Double = 1e-5, affine: Bool = true, file: StaticString = #fileID, line: UInt = #line
  ) {
    last = LastAxes(axes)
    scaleAndShift = ScaleAndShift(epsilon: epsilon, affine: affine)
    self = required(file: file, line: line)
  }

  /// γ and β.
  public func declare(in builder: inout ParameterBuilder, input: Shape) throws -> Shape {
    try scaleAndShift.declare(in: &builder, shape: try last.shape(of: input, at: builder.path))
    return input
  }

  /// The normalized input.
  public func callAsFunction(_ input: Variable, _ parameters: Parameters, _ context: inout Context) -> Variable {
    scaleAndShift(input, as: last.rows(of: input.shape), groups: 1, parameters)
  }
}
