import AviaryCore
import AviaryRegistry

/// Normal with variance 2 / (in + out), so that activations and gradients keep their variance through layers.
///
/// (Glorot and Bengio: Understanding the difficulty of training deep feedforward neural networks, 2010.)
public struct GlorotNormal: Initializer, Registrable {
  public static let name = "glorot-normal"
  public static let card = Card(
    "Normal with variance 2 / (in + out), for tanh and linear units.", formula: "w ~ N(0, 2 / (in + out))",
    references: ["Glorot, Bengio: Understanding the difficulty of training deep feedforward neural networks (2010)"])

  public init() {}

  public func values(shape: Shape, fans: Fans, random: RandomSource, dtype: DType) -> Tensor {
    let deviation = (2 / max(1, Double(fans.input) + Double(fans.output))).squareRoot()
    return random.normal(shape, standardDeviation: deviation, dtype: dtype)
  }
}
