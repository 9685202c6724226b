import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// A function with values in (−1, 1), which approaches its limits slowly, as 1/x.
///
///     f(x) = x / (1 + |x|)
///
/// Its units saturate more gently than those of tanh. (Bergstra, Desjardins, Lamblin and Bengio: Quadratic polynomials
/// learn better image features, 2009; Glorot and Bengio: Understanding the difficulty of training deep feedforward
/// neural networks, 2010.)
public struct Softsign: Activation, Registrable {
  public static let name = "softsign"
  public static let card = Card(
    "Maps numbers into (−1, 1) and saturates more gently than tanh.", formula: "f(x) = x / (1 + |x|)",
    references: [
      "Bergstra, Desjardins, Lamblin, Bengio: Quadratic polynomials learn better image features (2009)",
      "Glorot, Bengio: Understanding the difficulty of training deep feedforward neural networks (2010)",
    ])

  public init() {}

  public func callAsFunction(_ x: Variable) -> Variable { x.softsign() }
}
