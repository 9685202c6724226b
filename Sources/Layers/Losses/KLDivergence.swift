import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// The Kullback–Leibler divergence of the model's distribution from the targets', from log-probabilities y.
///
///     Σₖ tₖ·(log tₖ − yₖ),   0·log 0 = 0
///
/// The model's last layer must end with ``LogSoftmax``. The gradient is that of ``NegativeLogLikelihood``; the value is
/// 0 if both distributions are equal. Outputs [batch, classes]; targets probabilities of the output's shape, or integer
/// labels [batch]. PyTorch's `kl_div(y, t, reduction="batchmean")`. (Kullback and Leibler: On information and
/// sufficiency, 1951.)
public struct KLDivergence: Loss, Registrable {
  public static let name = "kl-divergence"
  public static let card = Card(
    "The Kullback–Leibler divergence of the model's distribution from the targets', from log-probabilities.",
    formula: "Σₖ tₖ·(log tₖ − yₖ)",
    references: ["Kullback, Leibler: On information and sufficiency (1951)"])

  public init() {}

  /// Log-probabilities.
  public var outputForm: OutputForm { .logProbabilities }

  /// The loss of each row, [batch]. Throws ``LossError`` if the targets do not match.
  public func callAsFunction(_ output: Variable, _ target: Variable) throws -> Variable {
    let shares = try Targets(loss: Self.name, output: output, target: target).probabilities()
    let one = Variable(Tensor.ones([], dtype: output.dtype))
    // For a probability of 0 it takes the logarithm of 1 instead, so that the term is 0·0.
    let logs = Variable.where(shares .> 0, shares, one).log()
    return (shares * (logs - output)).sum(axes: [1])
  }

  /// The probabilities `eʸ`.
  public func predictions(_ output: Tensor) -> Tensor { output.exp() }
}
