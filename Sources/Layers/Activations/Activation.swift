import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// A function applied to a layer's outputs, element-wise or row-wise.
public protocol Activation: Sendable {
  /// Applies the function. Input and output have the same shape, [batch, …].
  func callAsFunction(_ x: Variable) -> Variable
  /// The same function for products and convolutions to compute in their own pass, or nil (the default).
  var fused: FusedActivation? { get }
}

extension Activation {
  public var fused: FusedActivation? { nil }

  /// `f(x·W + b)`, in one pass if the function can be fused.
  func callAsFunction(
    affine x: Variable, weight: Variable, bias: Variable, transposingWeight: Bool = false
  ) -> Variable {
    let output = x.affine(
      weight: weight, bias: bias, activation: fused ?? .identity, transposingWeight: transposingWeight)
    return fused == nil ? self(output) : output
  }
}

extension Kind where Product == any Activation {
  /// Activations, by name.
  public static var activation: Self { Kind("activation") }
}

extension Registrable where Self: Activation {
  public static var kind: Kind<any Activation> { .activation }
  public func product() -> any Activation { self }
}
