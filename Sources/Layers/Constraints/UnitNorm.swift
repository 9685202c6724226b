import AviaryCore
import AviaryRegistry

/// Scales the weights of each unit to norm 1: w ← w/‖w‖. Weights that are all zero are unchanged.
///
/// The norm is that of each column of weights [in, out], of each filter of [height, width, in, out], or of a whole
/// vector.
public struct UnitNorm: Constraint, Registrable {
  public static let name = "unit-norm"
  public static let card = Card("Scales the weights of each unit to norm 1.", formula: "w ← w/‖w‖")

  public init() {}

  public func callAsFunction(_ parameter: Tensor) -> Tensor {
    let norms = parameter.unitNorms()
    return parameter / Tensor.where(norms .> 0, norms, Tensor.ones([], dtype: parameter.dtype))
  }
}
