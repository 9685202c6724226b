import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// The identity, `f(x) = x`.
public struct Identity: Activation, Registrable {
  public static let name = "identity"
  public static let card = Card("The identity.", formula: "f(x) = x")

  public init() {}

  public func callAsFunction(_ x: Variable) -> Variable { x }
  public var fused: FusedActivation? { .identity }
}

/// A fused function as an activation.
struct FusedFunction: Activation {
  let function: FusedActivation
  init(_ function: FusedActivation) { self.function = function }
  func callAsFunction(_ x: Variable) -> Variable { function(x) }
  var fused: FusedActivation? { function }
}
