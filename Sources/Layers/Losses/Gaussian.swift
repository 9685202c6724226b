import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// How unlikely targets t are for a normal distribution whose mean μ and variance σ² the model both learns, so that it knows
/// how sure it is: (1/K)·Σₖ ½·(sₖ + (tₖ − μₖ)²·e^−sₖ), s = log σ², for a row of K targets, or their sum.
///
/// The outputs [batch, 2·K] are K means and after them K logarithms of variances; the last layer has no activation. A
/// variance below the floor is taken as the floor. The constant ½·log 2π is left out, as in PyTorch's `GaussianNLLLoss`.
/// Targets: numbers [batch, K], or [batch] where K is 1. Predictions are the means. (Nix and Weigend: Estimating the mean and
/// variance of the target probability distribution, 1994.)
public struct Gaussian: Loss, Registrable {
  public static let name = "gaussian"
  public static let card = Card(
    "How unlikely targets are for a normal distribution whose mean and variance the model both learns.",
    formula: "(1/K)·Σₖ ½·(sₖ + (tₖ − μₖ)²·e^−sₖ),  outputs (μ, s), s = log σ²",
    references: [
      "Nix, Weigend: Estimating the mean and variance of the target probability distribution (1994)",
      "Kendall, Gal: What uncertainties do we need in Bayesian deep learning (2017), arXiv:1703.04977",
    ])

  @Field("Least variance", .positive) var floor = 1e-6
  @Field("What becomes of the K targets of a row: their mean, or their sum") var reduction = RowReduction.mean

  public init() {}

  /// A least variance of 10⁻⁶ and the mean of a row's elements unless given. Traps on a floor that is not positive.
  public init(
    floor: Double = 1e-6, reduction: RowReduction = .mean, file: StaticString = #fileID, line: UInt = #line
  ) {
    self.floor = floor
    self.reduction = reduction
    self = required(file: file, line: line)
  }

  /// Values: the distribution is one of numbers.
  public var prefersLabels: Bool? { false }

  /// [batch]. Throws ``LossError`` where the outputs are no pairs, or the targets do not fit.
  public func callAsFunction(_ output: Variable, _ target: Variable) throws -> Variable {
    guard output.rank == 2, output.shape[1].isMultiple(of: 2) else {
      throw LossError(
        "\(Self.name): it takes a mean and the logarithm of a variance for each target, outputs [batch, 2·targets], and "
          + "these are \(output.spec); give the last layer twice as many units as there are targets")
    }
    let count = output.shape[1] / 2
    let mean = output.slice(axis: 1, 0..<count)
    let values = try Targets(loss: Self.name, output: mean, target: target).values()
    let least = Variable(Tensor(repeating: floor, shape: [], dtype: output.dtype)).log()
    let log = output.slice(axis: 1, count..<2 * count).maximum(least)
    return reduction((log + (values - mean).square() * (-log).exp()) * 0.5)
  }

  /// The means.
  public func predictions(_ output: Tensor) -> Tensor {
    output.rank == 2 ? output.slice(axis: 1, 0..<output.shape[1] / 2) : output
  }
}
