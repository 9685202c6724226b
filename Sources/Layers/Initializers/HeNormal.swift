import AviaryCore
import AviaryRegistry

/// Normal with variance 2 / in, so that ReLU layers keep the variance of their inputs.
///
/// (He, Zhang, Ren and Sun: Delving deep into rectifiers, 2015.)
public struct HeNormal: Initializer, Registrable {
  public static let name = "he-normal"
  public static let card = Card(
    "Normal with variance 2 / in, for ReLU units.", formula: "w ~ N(0, 2 / in)",
    references: ["He, Zhang, Ren, Sun: Delving deep into rectifiers (2015), arXiv:1502.01852"])

  public init() {}

  public func values(shape: Shape, fans: Fans, random: RandomSource, dtype: DType) -> Tensor {
    let deviation = (2 / Double(max(1, fans.input))).squareRoot()
    return random.normal(shape, standardDeviation: deviation, dtype: dtype)
  }
}
