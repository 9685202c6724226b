import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// f(x) = x.
public struct Identity: Activation, Registrable {
  public static let name = "identity"
  public static let card = Card("The outputs as they are.", formula: "f(x) = x")

  public init() {}

  /// x.
  public func callAsFunction(_ x: Variable) -> Variable { x }
  /// The identity.
  public var fused: FusedActivation? { .identity }
}

/// A function that products and convolutions compute in their own pass, as an activation.
struct FusedFunction: Activation {
  let function: FusedActivation
  init(_ function: FusedActivation) { self.function = function }
  func callAsFunction(_ x: Variable) -> Variable { function(x) }
  var fused: FusedActivation? { function }
}
