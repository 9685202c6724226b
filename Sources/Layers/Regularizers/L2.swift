import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// The sum of squares, which keeps weights small: rate·Σw², without the factor ½, as in Keras.
///
/// A decay λ of an optimizer's gradient, λ·w, corresponds to a rate of λ/2. (Hoerl and Kennard: Ridge regression, 1970.)
public struct L2: Regularizer, Registrable {
  /// The penalty's configuration.
  public struct Configuration: ConfigurationFields {
    /// The factor of the sum.
    public var rate = 0.01

    /// A rate of 0.01.
    public init() {}
  }

  /// `"l2"`.
  public static let name = "l2"
  /// What is worth knowing.
  public static let card = Card(
    "The sum of squares, which keeps weights small; without the factor ½.", formula: "rate·Σw²",
    fields: ["rate": "The factor of the sum, at least 0."],
    references: ["Hoerl, Kennard: Ridge regression (1970)"])

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

  /// rate·Σw².
  public func callAsFunction(_ parameter: Variable) -> Variable { parameter.square().sum() * rate }
}
