import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// The exponential linear unit, whose outputs have a mean nearer to zero than the rectifier's: f(x) = x above zero,
/// α(eˣ − 1) below. Its derivative at 0 is taken as α.
///
/// (Clevert, Unterthiner and Hochreiter: Fast and accurate deep network learning by exponential linear units, 2015.)
public struct Elu: Activation, Registrable {
  public static let name = "elu"
  public static let card = Card(
    "The exponential linear unit: the rectifier, but smoothly falling to −α below zero.",
    formula: "f(x) = x above zero, α(eˣ − 1) below",
    references: [
      "Clevert, Unterthiner, Hochreiter: Fast and accurate deep network learning by exponential linear units (2015), "
        + "arXiv:1511.07289"
    ])

  @Field("−alpha is what far negative inputs give; with 1 the derivative does not jump", .positive) var alpha = 1.0

  public init() {}

  /// α = 1 unless given. Traps on one that is not a number above 0.
  public init(alpha: Double = 1, file: StaticString = #fileID, line: UInt = #line) {
    self.alpha = alpha
    self = required(file: file, line: line)
  }

  /// x above zero, α(eˣ − 1) below.
  public func callAsFunction(_ x: Variable) -> Variable { x.elu(alpha: alpha) }
}
