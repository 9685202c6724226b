import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// The hinge loss of the support vector machine, for binary scores y and targets t of −1 or 1.
///
///     (1/K)·Σₖ max(0, 1 − tₖ·yₖ)        (K outputs per row; or their sum)
///
/// Targets: numbers of the output's shape, 1 for yes and 0 or −1 for no, or integer labels [batch], each class against
/// all others. ``MultiClassHinge`` compares the scores of classes instead. Predictions are (y + 1)/2: at least ½ for
/// yes. (Cortes and Vapnik: Support-vector networks, 1995.)
public struct Hinge: Loss, Registrable {
  public static let name = "hinge"
  public static let card = Card(
    "The hinge loss of the support vector machine: zero for scores beyond the margin.",
    formula: "(1/K)·Σₖ max(0, 1 − tₖ·yₖ),  t = ±1",
    references: ["Cortes, Vapnik: Support-vector networks (1995)"])

  @Field("Reduction over a row's K outputs: mean or sum") var reduction = RowReduction.mean

  public init() {}

  public init(reduction: RowReduction) { self.reduction = reduction }

  /// The loss of each row, [batch]. Throws ``LossError`` if the targets do not match, or are not −1, 0 and 1.
  public func callAsFunction(_ output: Variable, _ target: Variable) throws -> Variable {
    let signs = try Targets(loss: Self.name, output: output, target: target).signs()
    return reduction((1 - signs * output).relu())
  }

  /// The predictions `(y + 1)/2`.
  public func predictions(_ output: Tensor) -> Tensor { (output + 1) / 2 }
}
