import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// The mean absolute error.
///
///     (1/K)·Σₖ |yₖ − tₖ|        (K outputs per row; or their sum)
///
/// Outliers have no more influence than other rows; the best constant prediction is the median, not the mean. The
/// derivative at equality is defined as 0.
///
/// Targets: numbers of the output's shape, or integer labels [batch], which become one-hot rows.
public struct MeanAbsoluteError: Loss, Registrable {
  public static let name = "mean-absolute-error"
  public static let card = Card(
    "The mean absolute error, robust to outliers.", formula: "(1/K)·Σₖ |yₖ − tₖ|")

  @Field("Reduction over a row's K outputs: mean or sum") var reduction = RowReduction.mean

  public init() {}

  public init(reduction: RowReduction = .mean) { self.reduction = reduction }

  public var prefersLabels: Bool? { false }

  /// The loss of each row, [batch]. Throws ``LossError`` if the targets do not match.
  public func callAsFunction(_ output: Variable, _ target: Variable) throws -> Variable {
    let target = try Targets(loss: Self.name, output: output, target: target).values()
    return reduction((output - target).abs())
  }
}
