import AviaryCore
import AviaryRegistry

/// Shrinks the weights that lead to a unit where their norm exceeds a maximum: w ← w · min(1, c/‖w‖).
///
/// The norm of each column of weights [in, out], of each filter of [height, width, in, out], of a vector as a whole.
/// (Srebro and Shraibman: Rank, trace-norm and max-norm, 2005; with dropout: Srivastava et al., 2014.)
public struct MaxNorm: Constraint, Registrable {
  public static let name = "max-norm"
  public static let card = Card(
    "The weights that lead to a unit have at most a given norm.", formula: "w ← w · min(1, c/‖w‖)",
    references: ["Srivastava et al.: Dropout: a simple way to prevent neural networks from overfitting (2014)"])

  @Field("Greatest norm c", .positive) var maximum = 2.0

  public init() {}

  /// A norm of at most 2 unless given. Traps where the maximum is not positive.
  public init(_ maximum: Double = 2, file: StaticString = #fileID, line: UInt = #line) {
    self.maximum = maximum
    self = required(file: file, line: line)
  }

  /// Columns of at most the greatest norm; those below it keep their bits.
  public func callAsFunction(_ parameter: Tensor) -> Tensor {
    let norms = parameter.unitNorms()
    if norms.max().item() <= maximum { return parameter }
    let bound = Tensor(repeating: maximum, shape: [], dtype: parameter.dtype)
    return parameter * (bound / norms.maximum(bound))
  }
}
