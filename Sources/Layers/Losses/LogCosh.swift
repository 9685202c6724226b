import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// A smooth loss: half the squared error for small errors, the absolute error for large ones.
///
///     (1/K)·Σₖ log cosh(yₖ − tₖ)        (K outputs per row; or their sum)
///
/// Its derivative is tanh(y − t). Targets: numbers of the output's shape, or integer labels [batch], which become
/// one-hot rows.
public struct LogCosh: Loss, Registrable {
  public static let name = "log-cosh"
  public static let card = Card(
    "Half the squared error for small errors, the absolute error for large ones.",
    formula: "(1/K)·Σₖ log cosh(yₖ − tₖ)")

  @Field("Reduction over a row's K outputs: mean or sum") var reduction = RowReduction.mean

  public init() {}

  public init(reduction: RowReduction) { self.reduction = reduction }

  public var prefersLabels: Bool? { false }

  /// The loss of each row, [batch]. Throws ``LossError`` if the targets do not match.
  public func callAsFunction(_ output: Variable, _ target: Variable) throws -> Variable {
    let distance = output - (try Targets(loss: Self.name, output: output, target: target).values())
    // log(1 + e²ᵈ) − d − log 2, which does not overflow and has derivatives of any order at 0.
    return reduction((distance * 2).softplus() - distance - 0.6931471805599453)
  }
}
