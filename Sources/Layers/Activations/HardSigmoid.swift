import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// A piecewise linear approximation of the sigmoid, with values in [0, 1].
///
///     f(x) = min(max(x/6 + ½, 0), 1)
///
/// The slope is 1/6, as in PyTorch and Keras 3; Keras 2 had 1/5. The derivative at the corners −3 and 3 is defined as
/// 0. (Courbariaux, Bengio and David: BinaryConnect, 2015.)
public struct HardSigmoid: Activation, Registrable {
  public static let name = "hard-sigmoid"
  public static let card = Card(
    "A piecewise linear approximation of the sigmoid.", formula: "f(x) = min(max(x/6 + ½, 0), 1)",
    references: ["Courbariaux, Bengio, David: BinaryConnect (2015), arXiv:1511.00363"])

  public init() {}

  public func callAsFunction(_ x: Variable) -> Variable { x.hardSigmoid() }
}
