import AviaryCore
import AviaryRegistry

/// Scales the weights that lead to a unit to the norm 1: w ← w/‖w‖. Weights that are all zero stay so.
///
/// The norm of each column of weights [in, out], of each filter of [height, width, in, out], of a vector as a whole.
public struct UnitNorm: Constraint, Registrable {
  public static let name = "unit-norm"
  public static let card = Card("The weights that lead to a unit have the norm 1.", formula: "w ← w/‖w‖")

  public init() {}

  /// Columns of the norm 1.
  public func callAsFunction(_ parameter: Tensor) -> Tensor {
    let norms = parameter.unitNorms()
    return parameter / Tensor.where(norms .> 0, norms, Tensor.ones([], dtype: parameter.dtype))
  }
}
