import AviaryCore
import AviaryRegistry

/// Cuts negative weights to zero: w ← max(w, 0).
public struct NonNegative: Constraint, Registrable {
  public static let name = "non-negative"
  public static let card = Card("No weight is below zero.", formula: "w ← max(w, 0)")

  public init() {}

  /// max(w, 0).
  public func callAsFunction(_ parameter: Tensor) -> Tensor { parameter.relu() }
}
