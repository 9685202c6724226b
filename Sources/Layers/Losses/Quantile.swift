import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// The loss whose best constant answer is a quantile of the targets: (1/K)·Σₖ max(q·dₖ, (q − 1)·dₖ), d = t − y, for a row of K
/// outputs, or their sum.
///
/// With q = ½ it is one half of ``MeanAbsoluteError``; with 0.9 the outputs learn what nine of ten targets stay below. At
/// d = 0 the derivative by y is taken as 1 − q. Targets: numbers of the output's shape, or integer labels [batch], which
/// stand for rows of zeros with a one. (Koenker and Bassett: Regression quantiles, 1978.)
public struct Quantile: Loss, Registrable {
  public static let name = "quantile"
  public static let aliases = ["pinball"]
  public static let card = Card(
    "The loss whose best answer is a quantile of the targets, such as what nine of ten stay below.",
    formula: "(1/K)·Σₖ max(q·dₖ, (q − 1)·dₖ),  d = t − y",
    references: ["Koenker, Bassett: Regression quantiles (1978)"])

  @Field("Share q of the targets that lie below the answer", .between(0, 1)) var quantile = 0.5
  @Field("What becomes of the K outputs of a row: their mean, or their sum") var reduction = RowReduction.mean

  public init() {}

  /// The median and the mean of a row's elements unless given. Traps unless the quantile is between 0 and 1.
  public init(
    _ quantile: Double = 0.5, reduction: RowReduction = .mean, file: StaticString = #fileID, line: UInt = #line
  ) {
    self.quantile = quantile
    self.reduction = reduction
    self = required(file: file, line: line)
  }

  /// Values: quantiles are numbers.
  public var prefersLabels: Bool? { false }

  /// [batch]. Throws ``LossError`` where the targets do not fit.
  public func callAsFunction(_ output: Variable, _ target: Variable) throws -> Variable {
    let distance = try Targets(loss: Self.name, output: output, target: target).values() - output
    return reduction(Variable.where(distance .> 0, distance * quantile, distance * (quantile - 1)))
  }
}
