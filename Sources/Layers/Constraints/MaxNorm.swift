import AviaryCore
import AviaryRegistry

/// Scales down the weights of a unit whose norm exceeds a maximum.
///
///     w ← w · min(1, c/‖w‖)
///
/// The norm is that of each column of weights [in, out], of each filter of [height, width, in, out], or of a whole
/// vector. (Srebro and Shraibman: Rank, trace-norm and max-norm, 2005; with dropout: Srivastava et al., 2014.)
public struct MaxNorm: Constraint, Registrable {
  public static let name = "max-norm"
  public static let card = Card(
    "Limits the norm of each unit's weights.", formula: "w ← w · min(1, c/‖w‖)",
    references: ["Srivastava et al.: Dropout: a simple way to prevent neural networks from overfitting (2014)"])

  @Field("Maximum norm c", .positive) var maximum = 2.0

  public init() {}

  /// Traps unless the maximum is positive.
  public init(_ maximum: Double = 2, file: StaticString = #fileID, line: UInt = #line) {
    self.maximum = maximum
    self = required(file: file, line: line)
  }

  /// The constrained columns; those within the limit keep their bits.
  public func callAsFunction(_ parameter: Tensor) -> Tensor {
    let norms = parameter.unitNorms()
    if norms.max().item() <= maximum { return parameter }
    let bound = Tensor(repeating: maximum, shape: [], dtype: parameter.dtype)
    return parameter * (bound / norms.maximum(bound))
  }
}
