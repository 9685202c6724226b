import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// The exponential linear unit, whose outputs have a mean nearer to zero than the rectifier's: f(x) = x above zero,
/// α(eˣ − 1) below. Its derivative at 0 is taken as α.
///
/// (Clevert, Unterthiner and Hochreiter: Fast and accurate deep network learning by exponential linear units, 2015.)
public struct Elu: Activation, Registrable {
  /// The function's configuration.
  public struct Configuration: ConfigurationFields {
    /// α.
    public var alpha = 1.0

    /// α = 1, with which the derivative does not jump.
    public init() {}
  }

  /// `"elu"`.
  public static let name = "elu"
  /// What is worth knowing.
  public static let card = Card(
    "The exponential linear unit: the rectifier, but smoothly falling to −α below zero.",
    formula: "f(x) = x above zero, α(eˣ − 1) below",
    fields: ["alpha": "−α is what far negative inputs give; above 0. With 1 the derivative does not jump."],
    references: [
      "Clevert, Unterthiner, Hochreiter: Fast and accurate deep network learning by exponential linear units (2015), "
        + "arXiv:1511.07289"
    ])

  let alpha: Double

  /// Checks α.
  public init(_ configuration: Configuration, in registries: Registries) throws {
    alpha = try Check.positive(configuration.alpha, "alpha")
  }

  /// α = 1 unless given. Traps on one that is not a number above 0.
  public init(alpha: Double = 1, file: StaticString = #fileID, line: UInt = #line) {
    require(alpha > 0 && alpha.isFinite, "an alpha of \(alpha); it is a number above 0", file, line)
    self.alpha = alpha
  }

  /// x above zero, α(eˣ − 1) below.
  public func callAsFunction(_ x: Variable) -> Variable { x.elu(alpha: alpha) }
}
