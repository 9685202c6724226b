/// Why a derivative cannot be had.
public enum DifferentiationError: Error, Hashable, CustomStringConvertible {
  /// The primitive on the way declares no derivative.
  case noDerivative(primitive: String)
  /// The function is constant between its jumps, so that its derivative says nothing.
  case piecewiseConstant(primitive: String)
  /// An earlier derivative freed the graph.
  case graphFreed
  /// Nothing differentiable leads to the result: it was made from constants, from detached variables, or through
  /// integers or truth values.
  case constantResult

  /// What to do about it.
  public var description: String {
    switch self {
    case .noDerivative(let primitive):
      "a derivative was asked through '\(primitive)', which has none; detach its input if none is meant to flow"
    case .piecewiseConstant(let primitive):
      "a derivative was asked through '\(primitive)', which is constant between its jumps; detach its input if zero is meant"
    case .graphFreed:
      "the graph was freed by an earlier derivative; pass retainingGraph: true to that one"
    case .constantResult:
      "a derivative was asked of a constant: no tracked variable leads to it by differentiable steps"
    }
  }
}
