import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// The rectifier: f(x) = max(x, 0). Its derivative at 0 is taken as 0.
///
/// (Nair and Hinton: Rectified linear units improve restricted Boltzmann machines, 2010.)
public struct Relu: Activation, Registrable {
  public static let name = "relu"
  public static let card = Card(
    "The rectifier: cheap, and its gradient does not fade for positive inputs.", formula: "f(x) = max(x, 0)",
    references: ["Nair, Hinton: Rectified linear units improve restricted Boltzmann machines (2010)"])

  public init() {}

  /// max(x, 0).
  public func callAsFunction(_ x: Variable) -> Variable { x.relu() }
  /// The same.
  public var fused: FusedActivation? { .relu }
}
