import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// The square of the ``Hinge`` loss, which is smooth.
///
///     (1/K)·Σₖ max(0, 1 − tₖ·yₖ)²        (K outputs per row; or their sum)
///
/// Targets and predictions as for ``Hinge``. (Tang: Deep learning using linear support vector machines, 2013.)
public struct SquaredHinge: Loss, Registrable {
  public static let name = "squared-hinge"
  public static let card = Card(
    "The squared hinge loss: smooth, with a greater penalty for scores far on the wrong side.",
    formula: "(1/K)·Σₖ max(0, 1 − tₖ·yₖ)²,  t = ±1",
    references: ["Tang: Deep learning using linear support vector machines (2013), arXiv:1306.0239"])

  @Field("Reduction over a row's K outputs: mean or sum") var reduction = RowReduction.mean

  public init() {}

  public init(reduction: RowReduction) { self.reduction = reduction }

  /// The loss of each row, [batch]. Throws ``LossError`` if the targets do not match, or are not −1, 0 and 1.
  public func callAsFunction(_ output: Variable, _ target: Variable) throws -> Variable {
    let signs = try Targets(loss: Self.name, output: output, target: target).signs()
    return reduction((1 - signs * output).relu().square())
  }

  /// The predictions `(y + 1)/2`.
  public func predictions(_ output: Tensor) -> Tensor { (output + 1) / 2 }
}
