import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// The logistic function, with values in (0, 1): f(x) = 1 / (1 + e⁻ˣ).
public struct Sigmoid: Activation, Registrable {
  public static let name = "sigmoid"
  public static let card = Card(
    "The logistic function, which maps any number into (0, 1).", formula: "f(x) = 1 / (1 + e⁻ˣ)")

  public init() {}

  public func callAsFunction(_ x: Variable) -> Variable { x.sigmoid() }
  public var fused: FusedActivation? { .sigmoid }
}
