import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// Turns numbers into probabilities over the last axis, many of which are exactly zero: the nearest point of the
/// simplex.
///
///     f(x) = argmin ‖p − x‖² over p ≥ 0, Σp = 1
///          = max(x − τ, 0)
///
/// The threshold τ(x) is the one for which the probabilities sum to 1. Costs n·log n for rows of length n, for sorting.
/// (Martins and Astudillo: From softmax to sparsemax, 2016.)
public struct Sparsemax: Activation, Registrable {
  public static let name = "sparsemax"
  public static let card = Card(
    "Turns numbers into probabilities over the last axis, many of which are exactly zero.",
    formula: "f(x) = max(x − τ, 0),  τ such that Σᵢ f(x)ᵢ = 1",
    references: ["Martins, Astudillo: From softmax to sparsemax (2016), arXiv:1602.02068"])

  public init() {}

  public func callAsFunction(_ x: Variable) -> Variable { x.sparsemax() }
}
