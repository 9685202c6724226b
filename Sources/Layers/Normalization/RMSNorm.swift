import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// Divides the channels of each position and example by their root mean square, then applies a trained scale.
///
///     y = γ·x/√(mean x² + ε)
///
/// The mean is over the last axis, or over several last axes: ``LayerNorm`` without subtracting the mean and without a
/// shift.
///
/// Shapes: input […, channels], scale γ [channels] (or the last axes), output as the input. (Zhang and Sennrich: Root
/// mean square layer normalization, 2019.)
public struct RMSNorm: Layer, Registrable {
  public static let name = "rms-norm"
  public static let card = Card(
    "Divides the channels of each position by their root mean square.", formula: "y = γ·x/√(mean x² + ε)",
    references: ["Zhang, Sennrich: Root mean square layer normalization (2019), arXiv:1910.07467"])

  var last = LastAxes()
  @Field("Small constant ε added to the mean square", .positive) var epsilon = 1e-6

  public init() {}

  /// Traps unless `axes` is in 1...7 and `epsilon` positive.
  public init(axes: Int = 1, epsilon: Double = 1e-6, file: StaticString = #fileID, line: UInt = #line) {
    last = LastAxes(axes)
    self.epsilon = epsilon
    self = required(file: file, line: line)
  }

  /// Declares γ, which starts as 1.
  public func declare(in builder: inout ParameterBuilder, input: Shape) throws -> Shape {
    let shape = try last.shape(of: input, at: builder.path)
    try builder.parameter("scale", shape: shape, initializer: Constant(1))
    return input
  }

  /// True if only the channels are normalized, each step separately.
  public var allowsPadding: Bool { last.axes == 1 }

  /// True under the same condition as `allowsPadding`.
  public var isCausal: Bool { allowsPadding }

  public func callAsFunction(_ input: Variable, _ parameters: Parameters, _ context: inout Context) -> Variable {
    let rows = last.rows(of: input.shape)
    let shift = Variable(Tensor.zeros([rows[2]], dtype: input.dtype))
    let normalization = GroupNormalization(epsilon: epsilon, isCentered: false)
    let operands = [input.reshaped(to: rows), parameters["scale"].flattened(), shift]
    return Variable.apply(normalization, to: operands)[0].reshaped(to: input.shape)
  }
}
