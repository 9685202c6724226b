import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// How unlikely counts t are for the logarithms y of their expected numbers: (1/K)·Σₖ e^yₖ − tₖ·yₖ for a row of K outputs, or
/// their sum.
///
/// The model's last layer has no activation: the exponential is part of the loss. What depends on the targets alone,
/// log t!, is left out. Targets: numbers of at least 0 of the output's shape, or integer labels [batch], which stand for rows
/// of zeros with a one. PyTorch's `PoissonNLLLoss`.
public struct Poisson: Loss, Registrable {
  public static let name = "poisson"
  public static let card = Card(
    "How unlikely counts are for the logarithms of their expected numbers.", formula: "(1/K)·Σₖ e^yₖ − tₖ·yₖ",
    references: ["Nelder, Wedderburn: Generalized linear models (1972)"])

  @Field("What becomes of the K outputs of a row: their mean, or their sum") var reduction = RowReduction.mean

  public init() {}

  /// The mean of a row's elements unless given.
  public init(reduction: RowReduction) { self.reduction = reduction }

  /// Values: counts are numbers.
  public var prefersLabels: Bool? { false }

  /// Logarithms of the expected numbers.
  public var outputForm: OutputForm { .logRates }

  /// [batch]. Throws ``LossError`` where the targets do not fit, or are below 0.
  public func callAsFunction(_ output: Variable, _ target: Variable) throws -> Variable {
    let counts = try Targets(loss: Self.name, output: output, target: target).values()
    if counts.shape.elementCount > 0 {
      let least = counts.value.min().item()
      // NaN is not at least 0 either.
      guard least >= 0 else {
        throw LossError("\(Self.name): it takes counts of at least 0 as targets, and the least is \(least)")
      }
    }
    return reduction(output.exp() - counts * output)
  }

  /// The expected numbers eʸ.
  public func predictions(_ output: Tensor) -> Tensor { output.exp() }
}
