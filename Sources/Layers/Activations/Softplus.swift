import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// The smooth rectifier, with results above 0 and the sigmoid as its derivative: f(x) = log(1 + eˣ), without overflow.
///
/// Exact for every input; PyTorch returns x itself above 20, where the two differ by 2e-9. (Dugas, Bengio, Bélisle, Nadeau
/// and Garcia: Incorporating second-order functional knowledge for better option pricing, 2000.)
public struct Softplus: Activation, Registrable {
  public static let name = "softplus"
  public static let card = Card(
    "The smooth rectifier, for outputs that must be above 0.", formula: "f(x) = log(1 + eˣ)",
    references: [
      "Dugas, Bengio, Bélisle, Nadeau, Garcia: Incorporating second-order functional knowledge for better option pricing "
        + "(2000)"
    ])

  public init() {}

  /// log(1 + eˣ).
  public func callAsFunction(_ x: Variable) -> Variable { x.softplus() }
}
