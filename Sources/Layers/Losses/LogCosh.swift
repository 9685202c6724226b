import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// Half the squared distance of outputs and targets near them, and the distance itself far from them, without a corner:
/// (1/K)·Σₖ log cosh(yₖ − tₖ) for a row of K outputs, or their sum.
///
/// Its derivative is tanh(y − t). Targets: numbers of the output's shape, or integer labels [batch], which stand for rows of
/// zeros with a one.
public struct LogCosh: Loss, Registrable {
  public static let name = "log-cosh"
  public static let card = Card(
    "Half the squared distance of outputs and targets near them, the distance itself far from them.",
    formula: "(1/K)·Σₖ log cosh(yₖ − tₖ)")

  @Field("What becomes of the K outputs of a row: their mean, or their sum") var reduction = RowReduction.mean

  public init() {}

  /// The mean of a row's elements unless given.
  public init(reduction: RowReduction) { self.reduction = reduction }

  /// Values: the distance is one of numbers.
  public var prefersLabels: Bool? { false }

  /// [batch]. Throws ``LossError`` where the targets do not fit.
  public func callAsFunction(_ output: Variable, _ target: Variable) throws -> Variable {
    let distance = output - (try Targets(loss: Self.name, output: output, target: target).values())
    // log(1 + e²ᵈ) − d − log 2: no exponential that overflows, and derivatives of any order at 0.
    return reduction((distance * 2).softplus() - distance - 0.6931471805599453)
  }
}
