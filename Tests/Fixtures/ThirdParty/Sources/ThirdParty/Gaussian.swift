import Aviary

/// A bump around zero: f(x) = e^(−x²), with results in (0, 1].
struct Gaussian: Activation, Registrable {
  static let name = "gaussian"
  static let card = Card("A bump around zero, with results in (0, 1].", formula: "f(x) = e^(−x²)")

  func callAsFunction(_ x: Variable) -> Variable { (-x.square()).exp() }
}
