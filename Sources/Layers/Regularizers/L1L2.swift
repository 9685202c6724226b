import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// Both penalties at once, the elastic net: l1·Σ|w| + l2·Σw².
///
/// (Zou and Hastie: Regularization and variable selection via the elastic net, 2005.)
public struct L1L2: Regularizer, Registrable {
  /// The penalty's configuration.
  public struct Configuration: ConfigurationFields {
    /// The factor of the absolute values.
    public var l1 = 0.01
    /// The factor of the squares.
    public var l2 = 0.01

    /// 0.01 both.
    public init() {}
  }

  /// `"l1-l2"`.
  public static let name = "l1-l2"
  /// What is worth knowing.
  public static let card = Card(
    "Absolute values and squares, the elastic net: few weights, and small ones.", formula: "l1·Σ|w| + l2·Σw²",
    fields: [
      "l1": "The factor of the absolute values, at least 0.",
      "l2": "The factor of the squares, at least 0.",
    ],
    references: ["Zou, Hastie: Regularization and variable selection via the elastic net (2005)"])

  let l1: L1
  let l2: L2

  /// Checks the factors.
  public init(_ configuration: Configuration, in registries: Registries) throws {
    l1 = L1(try Check.nonNegative(configuration.l1, "l1"))
    l2 = L2(try Check.nonNegative(configuration.l2, "l2"))
  }

  /// 0.01 both unless given. Traps on a negative or infinite factor.
  public init(l1: Double = 0.01, l2: Double = 0.01) {
    self.l1 = L1(l1)
    self.l2 = L2(l2)
  }

  /// l1·Σ|w| + l2·Σw².
  public func callAsFunction(_ parameter: Variable) -> Variable { l1(parameter) + l2(parameter) }
}
