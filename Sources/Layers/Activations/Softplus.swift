import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// The smooth ReLU, with positive values and the sigmoid as its derivative, without overflow.
///
///     f(x) = log(1 + eˣ)
///
/// Exact for every input; PyTorch returns x itself above 20, where the two differ by 2e-9. (Dugas, Bengio, Bélisle,
/// Nadeau and Garcia: Incorporating second-order functional knowledge for better option pricing, 2000.)
public struct Softplus: Activation, Registrable {
  public static let name = "softplus"
  public static let card = Card(
    "The smooth ReLU, for outputs that must be positive.", formula: "f(x) = log(1 + eˣ)",
    references: [
      "Dugas, Bengio, Bélisle, Nadeau, Garcia: Incorporating second-order functional knowledge for better option pricing "
        + "(2000)"
    ])

  public init() {}

  public func callAsFunction(_ x: Variable) -> Variable { x.softplus() }
}
