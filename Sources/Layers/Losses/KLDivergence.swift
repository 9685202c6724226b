import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// How far the model's distribution is from the targets', from the logarithms y of the classes' probabilities:
/// Σₖ tₖ·(log tₖ − yₖ) for each row, where 0·log 0 is 0.
///
/// The model's last layer ends with ``LogSoftmax``. The gradient is that of ``NegativeLogLikelihood``; the value is 0 where
/// both distributions are equal. Outputs [batch, classes]; targets probabilities of the output's shape, or integer labels
/// [batch]. PyTorch's `kl_div(y, t, reduction="batchmean")`. (Kullback and Leibler: On information and sufficiency, 1951.)
public struct KLDivergence: Loss, Registrable {
  public static let name = "kl-divergence"
  public static let card = Card(
    "How far the model's distribution over classes is from the targets', from logarithms of probabilities.",
    formula: "Σₖ tₖ·(log tₖ − yₖ)",
    references: ["Kullback, Leibler: On information and sufficiency (1951)"])

  public init() {}

  /// Logarithms of probabilities.
  public var outputForm: OutputForm { .logProbabilities }

  /// [batch]. Throws ``LossError`` where the targets do not fit.
  public func callAsFunction(_ output: Variable, _ target: Variable) throws -> Variable {
    let shares = try Targets(loss: Self.name, output: output, target: target).probabilities()
    let one = Variable(Tensor.ones([], dtype: output.dtype))
    // Of a share of 0 the logarithm is taken of 1 instead: 0·0.
    let logs = Variable.where(shares .> 0, shares, one).log()
    return (shares * (logs - output)).sum(axes: [1])
  }

  /// The probabilities eʸ.
  public func predictions(_ output: Tensor) -> Tensor { output.exp() }
}
