import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// The distance of outputs and targets: (1/K)·Σₖ |yₖ − tₖ| for a row of K outputs, or their sum.
///
/// An outlier pulls no harder than any other row, and the best constant answer is the median, not the mean. The derivative
/// where output and target are equal is taken as 0.
///
/// Targets: numbers of the output's shape, or integer labels [batch], which stand for rows of zeros with a one.
public struct MeanAbsoluteError: Loss, Registrable {
  public static let name = "mean-absolute-error"
  public static let card = Card(
    "The distance of outputs and targets, which outliers do not rule.", formula: "(1/K)·Σₖ |yₖ − tₖ|")

  @Field("What becomes of the K outputs of a row: their mean, or their sum") var reduction = RowReduction.mean

  public init() {}

  /// The mean of a row's elements unless given.
  public init(reduction: RowReduction = .mean) { self.reduction = reduction }

  /// Values: the distance is one of numbers.
  public var prefersLabels: Bool? { false }

  /// [batch]. Throws ``LossError`` where the targets do not fit.
  public func callAsFunction(_ output: Variable, _ target: Variable) throws -> Variable {
    let target = try Targets(loss: Self.name, output: output, target: target).values()
    return reduction((output - target).abs())
  }
}
