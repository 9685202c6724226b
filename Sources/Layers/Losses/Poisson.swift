import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// The negative log-likelihood of counts t under Poisson distributions, from the logarithms y of their means.
///
///     (1/K)·Σₖ e^yₖ − tₖ·yₖ        (K outputs per row; or their sum)
///
/// The model's last layer has no activation, because the loss includes the exponential. The term log t!, which depends
/// only on the targets, is omitted. Targets: numbers of at least 0 of the output's shape, or integer labels [batch],
/// which become one-hot rows. PyTorch's `PoissonNLLLoss`.
public struct Poisson: Loss, Registrable {
  public static let name = "poisson"
  public static let card = Card(
    "The negative log-likelihood of counts under Poisson distributions, from the logarithms of their means.",
    formula: "(1/K)·Σₖ e^yₖ − tₖ·yₖ",
    references: ["Nelder, Wedderburn: Generalized linear models (1972)"])

  @Field("Reduction over a row's K outputs: mean or sum") var reduction = RowReduction.mean

  public init() {}

  public init(reduction: RowReduction) { self.reduction = reduction }

  public var prefersLabels: Bool? { false }

  /// Logarithms of the means.
  public var outputForm: OutputForm { .logRates }

  /// The loss of each row, [batch]. Throws ``LossError`` if the targets do not match, or are below 0.
  public func callAsFunction(_ output: Variable, _ target: Variable) throws -> Variable {
    let counts = try Targets(loss: Self.name, output: output, target: target).values()
    if counts.shape.elementCount > 0 {
      let least = counts.value.min().item()
      // NaN also fails this comparison.
      guard least >= 0 else {
        throw LossError("\(Self.name): it needs counts of at least 0 as targets, but the smallest is \(least)")
      }
    }
    return reduction(output.exp() - counts * output)
  }

  /// The means `eʸ`.
  public func predictions(_ output: Tensor) -> Tensor { output.exp() }
}
