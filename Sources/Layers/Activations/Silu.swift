import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// The sigmoid linear unit, also called swish.
///
///     f(x) = x·σ(x) = x / (1 + e⁻ˣ)
///
/// (Elfwing, Uchibe and Doya, 2017; as swish Ramachandran, Zoph and Le, 2017, whose β is 1 here.)
public struct Silu: Activation, Registrable {
  public static let name = "silu"
  public static let aliases = ["swish"]
  public static let card = Card(
    "The sigmoid linear unit, also called swish: a smooth variant of ReLU.",
    formula: "f(x) = x·σ(x) = x / (1 + e⁻ˣ)",
    references: [
      "Elfwing, Uchibe, Doya: Sigmoid-weighted linear units for neural network function approximation (2017), "
        + "arXiv:1702.03118",
      "Ramachandran, Zoph, Le: Searching for activation functions (2017), arXiv:1710.05941",
    ])

  public init() {}

  public func callAsFunction(_ x: Variable) -> Variable { x.silu() }
}
