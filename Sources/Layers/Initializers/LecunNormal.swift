import AviaryCore
import AviaryRegistry

/// Normal with variance 1 / in, so that linear and self-normalizing layers keep the variance of their inputs.
///
/// (LeCun, Bottou, Orr and Müller: Efficient backprop, 1998.)
public struct LecunNormal: Initializer, Registrable {
  public static let name = "lecun-normal"
  public static let card = Card(
    "Normal with variance 1 / in, for SELU units.", formula: "w ~ N(0, 1 / in)",
    references: ["LeCun, Bottou, Orr, Müller: Efficient backprop (1998)"])

  public init() {}

  public func values(shape: Shape, fans: Fans, random: RandomSource, dtype: DType) -> Tensor {
    let deviation = (1 / Double(max(1, fans.input))).squareRoot()
    return random.normal(shape, standardDeviation: deviation, dtype: dtype)
  }
}
