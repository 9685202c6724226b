import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// The rectified linear unit.
///
///     f(x) = max(x, 0)
///
/// Its derivative at 0 is defined as 0. (Nair and Hinton: Rectified linear units improve restricted Boltzmann machines,
/// 2010.)
public struct Relu: Activation, Registrable {
  public static let name = "relu"
  public static let card = Card(
    "The rectified linear unit: cheap, and its gradient does not vanish for positive inputs.",
    formula: "f(x) = max(x, 0)",
    references: ["Nair, Hinton: Rectified linear units improve restricted Boltzmann machines (2010)"])

  public init() {}

  public func callAsFunction(_ x: Variable) -> Variable { x.relu() }
  public var fused: FusedActivation? { .relu }
}
