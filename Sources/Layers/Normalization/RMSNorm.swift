import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// Divides the channels of each place of each example by their root mean square, then scales them by trained numbers.
///
/// y = γ·x/√(mean x² + ε), the mean over the last axis, or over the last few: ``LayerNorm`` without a mean to subtract
/// and without a shift.
///
/// Shapes: input […, channels], scale γ [channels] (or the last few axes), output as the input.
/// (Zhang and Sennrich: Root mean square layer normalization, 2019.)
public struct RMSNorm: Layer, Registrable {
  public static let name = "rms-norm"
  public static let card = Card(
    "Divides the channels of each place by their root mean square.", formula: "y = γ·x/√(mean x² + ε)",
    references: ["Zhang, Sennrich: Root mean square layer normalization (2019), arXiv:1910.07467"])

  var last = LastAxes()
  @Field("Term ε added to the mean of the squares", .positive) var epsilon = 1e-6

  public init() {}

  /// Over the last axis and with an epsilon of 10⁻⁶ unless given. Traps unless `axes` is in 1...7 and `epsilon` positive.
  public init(axes: Int = 1, epsilon: Double = 1e-6, file: StaticString = #fileID, line: UInt = #line) {
    last = LastAxes(axes)
    self.epsilon = epsilon
    self = required(file: file, line: line)
  }

  /// γ, which begins as 1.
  public func declare(in builder: inout ParameterBuilder, input: Shape) throws -> Shape {
    let shape = try last.shape(of: input, at: builder.path)
    try builder.parameter("scale", shape: shape, initializer: Constant(1))
    return input
  }

  /// The scaled input.
  public func callAsFunction(_ input: Variable, _ parameters: Parameters, _ context: inout Context) -> Variable {
    let rows = last.rows(of: input.shape)
    let shift = Variable(Tensor.zeros([rows[2]], dtype: input.dtype))
    let normalization = GroupNormalization(epsilon: epsilon, isCentred: false)
    let operands = [input.reshaped(to: rows), parameters["scale"].flattened(), shift]
    return Variable.apply(normalization, to: operands)[0].reshaped(to: input.shape)
  }
}
