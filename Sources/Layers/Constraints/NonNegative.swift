import AviaryCore
import AviaryRegistry

/// Cuts negative weights to zero: w ← max(w, 0).
public struct NonNegative: Constraint, Registrable {
  /// `"non-negative"`.
  public static let name = "non-negative"
  /// What is worth knowing.
  public static let card = Card("No weight is below zero.", formula: "w ← max(w, 0)")

  /// The constraint.
  public init() {}
  /// The constraint.
  public init(_ configuration: EmptyConfiguration, in registries: Registries) {}

  /// max(w, 0).
  public func callAsFunction(_ parameter: Tensor) -> Tensor { parameter.relu() }
}
