import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// The loss of the support vector machine, for yes-or-no scores y and targets t of −1 or 1:
/// (1/K)·Σₖ max(0, 1 − tₖ·yₖ) for a row of K outputs, or their sum.
///
/// A score is the surer the farther it is from 0. Targets: numbers of the output's shape, 1 for yes and 0 or −1 for no, or
/// integer labels [batch], which stand for rows with one yes: each class against all others. For a choice among classes that
/// compares their scores there is ``MultiClassHinge``. Predictions are (y + 1)/2: at least ½ for yes. (Cortes and Vapnik:
/// Support-vector networks, 1995.)
public struct Hinge: Loss, Registrable {
  public static let name = "hinge"
  public static let card = Card(
    "The loss of the support vector machine: scores on the right side of a margin cost nothing.",
    formula: "(1/K)·Σₖ max(0, 1 − tₖ·yₖ),  t = ±1",
    references: ["Cortes, Vapnik: Support-vector networks (1995)"])

  @Field("What becomes of the K outputs of a row: their mean, or their sum") var reduction = RowReduction.mean

  public init() {}

  /// The mean of a row's elements unless given.
  public init(reduction: RowReduction) { self.reduction = reduction }

  /// [batch]. Throws ``LossError`` where the targets do not fit, or are others than −1, 0 and 1.
  public func callAsFunction(_ output: Variable, _ target: Variable) throws -> Variable {
    let signs = try Targets(loss: Self.name, output: output, target: target).signs()
    return reduction((1 - signs * output).relu())
  }

  /// (y + 1)/2.
  public func predictions(_ output: Tensor) -> Tensor { (output + 1) / 2 }
}
