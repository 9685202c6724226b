import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// Three straight pieces in place of the sigmoid, with results in [0, 1]: f(x) = min(max(x/6 + ½, 0), 1).
///
/// The slope is 1/6, as in PyTorch and Keras 3; Keras 2 had 1/5. At the two corners, −3 and 3, the derivative is taken as 0.
/// (Courbariaux, Bengio and David: BinaryConnect, 2015.)
public struct HardSigmoid: Activation, Registrable {
  public static let name = "hard-sigmoid"
  public static let card = Card(
    "Three straight pieces in place of the sigmoid.", formula: "f(x) = min(max(x/6 + ½, 0), 1)",
    references: ["Courbariaux, Bengio, David: BinaryConnect (2015), arXiv:1511.00363"])

  public init() {}

  /// min(max(x/6 + ½, 0), 1).
  public func callAsFunction(_ x: Variable) -> Variable { x.hardSigmoid() }
}
