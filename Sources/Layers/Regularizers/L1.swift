import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// The sum of absolute values, which drives weights to zero: rate·Σ|w|.
///
/// The derivative at 0 is taken as 0. By gradients alone weights come close to zero and seldom reach it; `proximal`
/// makes exact zeros: the sum has no derivative then, and each update with the learning rate η is followed by the
/// proximal step w ← sign(w)·max(|w| − η·rate, 0), the iterative shrinkage and thresholding algorithm. It takes an
/// optimizer of the step −η·gradient: `sgd` without momentum. (Tibshirani: Regression shrinkage and selection via the
/// lasso, 1996. Beck and Teboulle: A fast iterative shrinkage-thresholding algorithm, 2009. Duchi and Singer: Efficient
/// online and batch learning using forward backward splitting, 2009.)
public struct L1: Regularizer, Registrable {
  /// The penalty's configuration.
  public struct Configuration: ConfigurationFields {
    /// The factor of the sum.
    public var rate = 0.01
    /// Makes exact zeros by a proximal step after each update.
    public var proximal = false

    /// A rate of 0.01, by gradients.
    public init() {}
  }

  /// `"l1"`.
  public static let name = "l1"
  /// What is worth knowing.
  public static let card = Card(
    "The sum of absolute values, which drives weights to zero.",
    formula: "rate·Σ|w|   (proximal: w ← sign(w)·max(|w| − η·rate, 0) after each update)",
    fields: ["rate": "The factor of the sum, at least 0.", "proximal": proximalField],
    references: [
      "Tibshirani: Regression shrinkage and selection via the lasso (1996)",
      "Duchi, Singer: Efficient online and batch learning using forward backward splitting (2009)",
    ])

  static let proximalField =
    "Makes exact zeros: a proximal step with the learning rate η after each update in place of a gradient; the optimizer "
    + "is sgd without momentum."

  let rate: Double
  let isProximal: Bool

  /// Checks the rate.
  public init(_ configuration: Configuration, in registries: Registries) throws {
    rate = try Check.nonNegative(configuration.rate, "rate")
    isProximal = configuration.proximal
  }

  /// A rate of 0.01 and no proximal steps unless given. Traps on a negative or infinite rate.
  public init(_ rate: Double = 0.01, proximal: Bool = false, file: StaticString = #fileID, line: UInt = #line) {
    require(rate >= 0 && rate.isFinite, "a rate of \(rate); it is a number of at least 0", file, line)
    self.rate = rate
    isProximal = proximal
  }

  /// rate·Σ|w|; a constant where it is proximal.
  public func callAsFunction(_ parameter: Variable) -> Variable {
    (isProximal ? Variable(parameter.value) : parameter).abs().sum() * rate
  }

  /// The rate where it is proximal.
  public var proximalRate: Double { isProximal ? rate : 0 }
}
