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
    /// Makes exact zeros by a proximal step for the absolute values after each update.
    public var proximal = false

    /// 0.01 both, by gradients.
    public init() {}
  }

  /// `"l1-l2"`.
  public static let name = "l1-l2"
  /// What is worth knowing.
  public static let card = Card(
    "Absolute values and squares, the elastic net: few weights, and small ones.",
    formula: "l1·Σ|w| + l2·Σw²   (proximal: w ← sign(w)·max(|w| − η·l1, 0) after each update)",
    fields: [
      "l1": "The factor of the absolute values, at least 0.",
      "l2": "The factor of the squares, at least 0.", "proximal": L1.proximalField,
    ],
    references: ["Zou, Hastie: Regularization and variable selection via the elastic net (2005)"])

  let l1: L1
  let l2: L2

  /// Checks the factors.
  public init(_ configuration: Configuration, in registries: Registries) throws {
    l1 = L1(try Check.nonNegative(configuration.l1, "l1"), proximal: configuration.proximal)
    l2 = L2(try Check.nonNegative(configuration.l2, "l2"))
  }

  /// 0.01 both and no proximal steps unless given. Traps on a negative or infinite factor.
  public init(
    l1: Double = 0.01, l2: Double = 0.01, proximal: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) {
    self.l1 = L1(l1, proximal: proximal, file: file, line: line)
    self.l2 = L2(l2, file: file, line: line)
  }

  /// l1·Σ|w| + l2·Σw².
  public func callAsFunction(_ parameter: Variable) -> Variable { l1(parameter) + l2(parameter) }

  /// l1 where it is proximal: the squares have their gradient.
  public var proximalRate: Double { l1.proximalRate }
}
