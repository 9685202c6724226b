import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// The quantile (pinball) loss, whose best constant prediction is a quantile of the targets.
///
///     (1/K)·Σₖ max(q·dₖ, (q − 1)·dₖ),   d = t − y        (K outputs per row; or their sum)
///
/// With q = ½ it is half of ``MeanAbsoluteError``; with 0.9 the outputs learn an upper bound for nine of ten targets.
/// At d = 0 the derivative with respect to y is defined as 1 − q. Targets: numbers of the output's shape, or integer
/// labels [batch], which become one-hot rows. (Koenker and Bassett: Regression quantiles, 1978.)
public struct Quantile: Loss, Registrable {
  public static let name = "quantile"
  public static let aliases = ["pinball"]
  public static let card = Card(
    "The quantile (pinball) loss, whose best constant prediction is a quantile of the targets.",
    formula: "(1/K)·Σₖ max(q·dₖ, (q − 1)·dₖ),  d = t − y",
    references: ["Koenker, Bassett: Regression quantiles (1978)"])

  @Field("Quantile q: the fraction of targets below the prediction", .between(0, 1)) var quantile = 0.5
  @Field("Reduction over a row's K outputs: mean or sum") var reduction = RowReduction.mean

  public init() {}

  /// Traps unless the quantile is between 0 and 1.
  public init(
    _ quantile: Double = 0.5, reduction: RowReduction = .mean, file: StaticString = #fileID, line: UInt = #line
  ) {
    self.quantile = quantile
    self.reduction = reduction
    self = required(file: file, line: line)
  }

  public var prefersLabels: Bool? { false }

  /// The loss of each row, [batch]. Throws ``LossError`` if the targets do not match.
  public func callAsFunction(_ output: Variable, _ target: Variable) throws -> Variable {
    let distance = try Targets(loss: Self.name, output: output, target: target).values() - output
    return reduction(Variable.where(distance .> 0, distance * quantile, distance * (quantile - 1)))
  }
}
