import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// The negative log-likelihood of targets under normal distributions whose mean and variance the model predicts, which
/// gives an estimate of its uncertainty.
///
///     (1/K)·Σₖ ½·(sₖ + (tₖ − μₖ)²·e^−sₖ),   s = log σ²        (K targets per row; or their sum)
///
/// The outputs [batch, 2·K] are K means followed by K logarithms of variances; the last layer has no activation.
/// Variances below the floor count as the floor. The constant ½·log 2π is omitted, as in PyTorch's `GaussianNLLLoss`.
/// Targets: numbers [batch, K], or [batch] if K is 1. Predictions are the means. (Nix and Weigend: Estimating the mean
/// and variance of the target probability distribution, 1994.)
public struct Gaussian: Loss, Registrable {
  public static let name = "gaussian"
  public static let card = Card(
    "The negative log-likelihood of normal distributions whose mean and variance the model predicts.",
    formula: "(1/K)·Σₖ ½·(sₖ + (tₖ − μₖ)²·e^−sₖ),  outputs (μ, s), s = log σ²",
    references: [
      "Nix, Weigend: Estimating the mean and variance of the target probability distribution (1994)",
      "Kendall, Gal: What uncertainties do we need in Bayesian deep learning (2017), arXiv:1703.04977",
    ])

  @Field("Minimum variance", .positive) var floor = 1e-6
  @Field("Reduction over a row's K targets: mean or sum") var reduction = RowReduction.mean

  public init() {}

  /// Traps on a floor that is not positive.
  public init(
    floor: Double = 1e-6, reduction: RowReduction = .mean, file: StaticString = #fileID, line: UInt = #line
  ) {
    self.floor = floor
    self.reduction = reduction
    self = required(file: file, line: line)
  }

  public var prefersLabels: Bool? { false }

  /// The loss of each row, [batch]. Throws ``LossError`` if the outputs are not pairs or the targets do not match.
  public func callAsFunction(_ output: Variable, _ target: Variable) throws -> Variable {
    guard output.rank == 2, output.shape[1].isMultiple(of: 2) else {
      throw LossError(
        "\(Self.name): it needs a mean and the logarithm of a variance for each target, outputs [batch, 2·targets], but "
          + "these are \(output.spec); give the last layer twice as many units as there are targets")
    }
    let count = output.shape[1] / 2
    let mean = output.slice(axis: 1, 0..<count)
    let values = try Targets(loss: Self.name, output: mean, target: target).values()
    let least = Variable(Tensor(repeating: floor, shape: [], dtype: output.dtype)).log()
    let log = output.slice(axis: 1, count..<2 * count).maximum(least)
    return reduction((log + (values - mean).square() * (-log).exp()) * 0.5)
  }

  public func predictions(_ output: Tensor) -> Tensor {
    output.rank == 2 ? output.slice(axis: 1, 0..<output.shape[1] / 2) : output
  }
}
