import AviaryCore
import AviaryRegistry

/// Sets negative weights to zero.
///
///     w ← max(w, 0)
public struct NonNegative: Constraint, Registrable {
  public static let name = "non-negative"
  public static let card = Card("Sets negative weights to zero.", formula: "w ← max(w, 0)")

  public init() {}

  public func callAsFunction(_ parameter: Tensor) -> Tensor { parameter.relu() }
}
