import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// Probabilities of which many are exactly zero: the nearest point of the simplex to the numbers of a row, along the last
/// axis, f(x) = argmin over p ≥ 0, Σp = 1 of ‖p − x‖² = max(x − τ, 0).
///
/// The threshold τ(x) is the one for which the row's sum is 1. Of the rows' length n it costs n·log n, for sorting. (Martins
/// and Astudillo: From softmax to sparsemax, 2016.)
public struct Sparsemax: Activation, Registrable {
  public static let name = "sparsemax"
  public static let card = Card(
    "Probabilities from any numbers, row by row along the last axis, of which many are exactly zero.",
    formula: "f(x) = max(x − τ, 0),  τ such that Σᵢ f(x)ᵢ = 1",
    references: ["Martins, Astudillo: From softmax to sparsemax (2016), arXiv:1602.02068"])

  public init() {}

  /// max(x − τ, 0) along the last axis.
  public func callAsFunction(_ x: Variable) -> Variable { x.sparsemax() }
}
