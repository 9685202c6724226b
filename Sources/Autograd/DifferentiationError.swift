/// An error for a derivative that does not exist.
public enum DifferentiationError: Error, Hashable, CustomStringConvertible {
  /// A primitive on the path has no derivative.
  case noDerivative(primitive: String)
  /// A function on the path is constant between jumps, so that its derivative carries no information.
  case piecewiseConstant(primitive: String)
  /// An earlier derivative freed the graph.
  case graphFreed
  /// Nothing differentiable leads to the result: it was made from constants or detached variables, or through integers
  /// or `bool`.
  case constantResult

  /// The error and its remedy.
  public var description: String {
    switch self {
    case .noDerivative(let primitive):
      "cannot differentiate through '\(primitive)', which has no derivative; detach its input to treat it as a constant"
    case .piecewiseConstant(let primitive):
      "cannot differentiate through '\(primitive)', which is constant between its jumps; detach its input if zero is intended"
    case .graphFreed:
      "an earlier derivative freed the graph; pass retainingGraph: true to that one"
    case .constantResult:
      "cannot differentiate a constant: no tracked variable leads to it through differentiable operations"
    }
  }
}
