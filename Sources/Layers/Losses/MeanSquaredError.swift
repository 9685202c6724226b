import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// The squared distance of outputs and targets: (1/K)·Σₖ (yₖ − tₖ)² for a row of K outputs, or their sum.
///
/// Targets: numbers of the output's shape, or integer labels [batch], which stand for rows of zeros with a one.
public struct MeanSquaredError: Loss, Registrable {
  public static let name = "mean-squared-error"
  public static let card = Card(
    "The squared distance of outputs and targets.", formula: "(1/K)·Σₖ (yₖ − tₖ)²")

  @Field("What becomes of the K outputs of a row: their mean, or their sum") var reduction = RowReduction.mean

  public init() {}

  /// The mean of a row's elements unless given.
  public init(reduction: RowReduction = .mean) { self.reduction = reduction }

  /// Values: the distance is one of numbers.
  public var prefersLabels: Bool? { false }

  /// [batch]. Throws ``LossError`` where the targets do not fit.
  public func callAsFunction(_ output: Variable, _ target: Variable) throws -> Variable {
    let target = try Targets(loss: Self.name, output: output, target: target).values()
    return reduction((output - target).square())
  }
}
