import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// The sum of absolute values, which drives weights to zero: rate·Σ|w|.
///
/// The derivative at 0 is taken as 0. (Tibshirani: Regression shrinkage and selection via the lasso, 1996.)
public struct L1: Regularizer, Registrable {
  /// The penalty's configuration.
  public struct Configuration: ConfigurationFields {
    /// The factor of the sum.
    public var rate = 0.01

    /// A rate of 0.01.
    public init() {}
  }

  /// `"l1"`.
  public static let name = "l1"
  /// What is worth knowing.
  public static let card = Card(
    "The sum of absolute values, which drives weights to zero.", formula: "rate·Σ|w|",
    fields: ["rate": "The factor of the sum, at least 0."],
    references: ["Tibshirani: Regression shrinkage and selection via the lasso (1996)"])

  let rate: Double

  /// Checks the rate.
  public init(_ configuration: Configuration, in registries: Registries) throws {
    rate = try Check.nonNegative(configuration.rate, "rate")
  }

  /// A rate of 0.01 unless given. Traps on a negative or infinite one.
  public init(_ rate: Double = 0.01, file: StaticString = #fileID, line: UInt = #line) {
    require(rate >= 0 && rate.isFinite, "a rate of \(rate); it is a number of at least 0", file, line)
    self.rate = rate
  }

  /// rate·Σ|w|.
  public func callAsFunction(_ parameter: Variable) -> Variable { parameter.abs().sum() * rate }
}
