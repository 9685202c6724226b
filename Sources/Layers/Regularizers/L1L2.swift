import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// The elastic net, l1·Σ|w| + l2·Σw².
///
/// (Zou and Hastie: Regularization and variable selection via the elastic net, 2005.)
public struct L1L2: Regularizer, Registrable {
  public static let name = "l1-l2"
  public static let aliases = ["elastic-net"]
  public static let card = Card(
    "The elastic net: absolute values and squares, for sparse and small weights.",
    formula: "l1·Σ|w| + l2·Σw²   (proximal: w ← sign(w)·max(|w| − η·l1, 0) after each update)",
    references: ["Zou, Hastie: Regularization and variable selection via the elastic net (2005)"])

  @Field("Factor of the absolute values", .nonNegative) var l1 = 0.01
  @Field("Factor of the squares", .nonNegative) var l2 = 0.01
  var step = ProximalStep()

  public init() {}

  /// Traps on a negative or infinite factor.
  public init(
    l1: Double = 0.01, l2: Double = 0.01, proximal: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) {
    self.l1 = l1
    self.l2 = l2
    step.proximal = proximal
    self = required(file: file, line: line)
  }

  /// The penalty `l1·Σ|w| + l2·Σw²`; the first term is constant if proximal.
  public func callAsFunction(_ parameter: Variable) -> Variable {
    let magnitudes = (step.proximal ? Variable(parameter.value) : parameter).abs().sum()
    return magnitudes * l1 + parameter.square().sum() * l2
  }

  /// The factor l1 if proximal, because the squares contribute to the gradient.
  public var proximalRate: Double { step.proximal ? l1 : 0 }
}
