import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// The mean squared error.
///
///     (1/K)·Σₖ (yₖ − tₖ)²        (K outputs per row; or their sum)
///
/// Targets: numbers of the output's shape, or integer labels [batch], which become one-hot rows.
public struct MeanSquaredError: Loss, Registrable {
  public static let name = "mean-squared-error"
  public static let card = Card(
    "The mean squared error.", formula: "(1/K)·Σₖ (yₖ − tₖ)²")

  @Field("Reduction over a row's K outputs: mean or sum") var reduction = RowReduction.mean

  public init() {}

  public init(reduction: RowReduction = .mean) { self.reduction = reduction }

  public var prefersLabels: Bool? { false }

  /// √2·z; divided by √K for the mean.
  public func curvatureRoot(_ output: Tensor, _ target: Tensor, times z: Tensor) -> Tensor? {
    z * (2 * reduction.share(of: output.shape)).squareRoot()
  }

  /// The loss of each row, [batch]. Throws ``LossError`` if the targets do not match.
  public func callAsFunction(_ output: Variable, _ target: Variable) throws -> Variable {
    let target = try Targets(loss: Self.name, output: output, target: target).values()
    return reduction((output - target).square())
  }
}
