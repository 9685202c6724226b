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
  public static let name = "l1"
  public static let card = Card(
    "The sum of absolute values, which drives weights to zero.",
    formula: "rate·Σ|w|   (proximal: w ← sign(w)·max(|w| − η·rate, 0) after each update)",
    references: [
      "Tibshirani: Regression shrinkage and selection via the lasso (1996)",
      "Duchi, Singer: Efficient online and batch learning using forward backward splitting (2009)",
    ])

  @Field("Factor of the sum", .nonNegative) var rate = 0.01
  var step = ProximalStep()

  public init() {}

  /// A rate of 0.01 and no proximal steps unless given. Traps on a negative or infinite rate.
  public init(_ rate: Double = 0.01, proximal: Bool = false, file: StaticString = #fileID, line: UInt = #line) {
    self.rate = rate
    step.proximal = proximal
    self = required(file: file, line: line)
  }

  /// rate·Σ|w|; a constant where it is proximal.
  public func callAsFunction(_ parameter: Variable) -> Variable {
    (step.proximal ? Variable(parameter.value) : parameter).abs().sum() * rate
  }

  /// The rate where it is proximal.
  public var proximalRate: Double { step.proximal ? rate : 0 }
}
