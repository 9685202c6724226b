import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// The exponential linear unit, whose outputs have a mean closer to zero than those of ``Relu``.
///
///     f(x) = x if x > 0, else α(eˣ − 1)
///
/// Its derivative at 0 is defined as α. (Clevert, Unterthiner and Hochreiter: Fast and accurate deep network learning
/// by exponential linear units, 2015.)
public struct Elu: Activation, Registrable {
  public static let name = "elu"
  public static let card = Card(
    "The exponential linear unit: like ReLU, but falling smoothly to −α below zero.",
    formula: "f(x) = x if x > 0, else α(eˣ − 1)",
    references: [
      "Clevert, Unterthiner, Hochreiter: Fast and accurate deep network learning by exponential linear units (2015), "
        + "arXiv:1511.07289"
    ])

  @Field("Limit −alpha for very negative inputs; with 1 the derivative is continuous", .positive) var alpha = 1.0

  public init() {}

  /// Traps unless `alpha` is finite and above 0.
  public init(alpha: Double = 1, file: StaticString = #fileID, line: UInt = #line) {
    self.alpha = alpha
    self = required(file: file, line: line)
  }

  public func callAsFunction(_ x: Variable) -> Variable { x.elu(alpha: alpha) }
}
