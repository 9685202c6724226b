import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// The hyperbolic tangent, with values in (−1, 1): f(x) = (eˣ − e⁻ˣ) / (eˣ + e⁻ˣ).
public struct Tanh: Activation, Registrable {
  public static let name = "tanh"
  public static let card = Card(
    "The hyperbolic tangent, which maps numbers into (−1, 1).", formula: "f(x) = (eˣ − e⁻ˣ) / (eˣ + e⁻ˣ)")

  public init() {}

  public func callAsFunction(_ x: Variable) -> Variable { x.tanh() }
  public var fused: FusedActivation? { .tanh }
}
