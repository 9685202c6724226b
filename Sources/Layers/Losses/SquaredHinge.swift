import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// The square of ``Hinge``, which has no corner: (1/K)·Σₖ max(0, 1 − tₖ·yₖ)² for a row of K outputs, or their sum.
///
/// Targets and predictions as there. (Tang: Deep learning using linear support vector machines, 2013.)
public struct SquaredHinge: Loss, Registrable {
  public static let name = "squared-hinge"
  public static let card = Card(
    "The hinge loss squared: smooth, and harder on scores far on the wrong side.",
    formula: "(1/K)·Σₖ max(0, 1 − tₖ·yₖ)²,  t = ±1",
    references: ["Tang: Deep learning using linear support vector machines (2013), arXiv:1306.0239"])

  @Field("What becomes of the K outputs of a row: their mean, or their sum") var reduction = RowReduction.mean

  public init() {}

  /// The mean of a row's elements unless given.
  public init(reduction: RowReduction) { self.reduction = reduction }

  /// [batch]. Throws ``LossError`` where the targets do not fit, or are others than −1, 0 and 1.
  public func callAsFunction(_ output: Variable, _ target: Variable) throws -> Variable {
    let signs = try Targets(loss: Self.name, output: output, target: target).signs()
    return reduction((1 - signs * output).relu().square())
  }

  /// (y + 1)/2.
  public func predictions(_ output: Tensor) -> Tensor { (output + 1) / 2 }
}
