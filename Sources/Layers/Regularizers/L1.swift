import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// The sum of absolute values, rate·Σ|w|, which drives weights to zero.
///
/// The derivative at 0 is defined as 0. Gradients alone bring weights close to zero but rarely to it; `proximal` makes
/// exact zeros: it excludes the sum from the gradient and follows each update by the proximal step (ISTA) with the
/// learning rate η:
///
///     w ← sign(w)·max(|w| − η·rate, 0)
///
/// This needs an optimizer with the step −η·gradient: `sgd` without momentum. (Tibshirani: Regression shrinkage and
/// selection via the lasso, 1996. Beck and Teboulle: A fast iterative shrinkage-thresholding algorithm, 2009. Duchi and
/// Singer: Efficient online and batch learning using forward backward splitting, 2009.)
public struct L1: Regularizer, Registrable {
  public static let name = "l1"
  public static let card = Card(
    "The sum of absolute values, which drives weights to zero.",
    formula: "rate·Σ|w|   (proximal: w ← sign(w)·max(|w| − η·rate, 0) after each update)",
    references: [
      "Tibshirani: Regression shrinkage and selection via the lasso (1996)",
      "Duchi, Singer: Efficient online and batch learning using forward backward splitting (2009)",
    ])

  @Field("Factor of the sum of absolute values", .nonNegative) var rate = 0.01
  var step = ProximalStep()

  public init() {}

  /// Traps on a negative or infinite rate.
  public init(_ rate: Double = 0.01, proximal: Bool = false, file: StaticString = #fileID, line: UInt = #line) {
    self.rate = rate
    step.proximal = proximal
    self = required(file: file, line: line)
  }

  /// The penalty `rate·Σ|w|`; constant if proximal.
  public func callAsFunction(_ parameter: Variable) -> Variable {
    (step.proximal ? Variable(parameter.value) : parameter).abs().sum() * rate
  }

  /// The rate if proximal, otherwise 0.
  public var proximalRate: Double { step.proximal ? rate : 0 }
}
