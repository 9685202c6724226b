import AviaryCore
import AviaryRegistry

/// Numbers drawn evenly from ±√(6 / (in + out)), so that activations and gradients keep their variance through layers.
///
/// (Glorot and Bengio: Understanding the difficulty of training deep feedforward neural networks, 2010.)
public struct GlorotUniform: Initializer, Registrable {
  /// `"glorot-uniform"`.
  public static let name = "glorot-uniform"
  /// What is worth knowing.
  public static let card = Card(
    "Drawn evenly, with the variance 2 / (in + out), which suits tanh and linear units.",
    formula: "w ~ U(±√(6 / (in + out)))",
    references: ["Glorot, Bengio: Understanding the difficulty of training deep feedforward neural networks (2010)"])

  /// The rule has nothing to configure.
  public init() {}
  /// The rule has nothing to configure.
  public init(_ configuration: EmptyConfiguration, in registries: Registries) {}
  /// Numbers in ±√(6 / (in + out)).
  public func values(shape: Shape, fans: Fans, random: RandomSource, dtype: DType) -> Tensor {
    let bound = (6 / Double(max(1, fans.input + fans.output))).squareRoot()
    return random.uniform(shape, in: -bound..<bound, dtype: dtype)
  }
}
