import AviaryCore
import AviaryRegistry

/// Uniform in ±√(6 / in), so that ReLU layers keep the variance of their inputs.
///
/// (He, Zhang, Ren and Sun: Delving deep into rectifiers, 2015.)
public struct HeUniform: Initializer, Registrable {
  public static let name = "he-uniform"
  public static let card = Card(
    "Uniform with variance 2 / in, for ReLU units.", formula: "w ~ U(±√(6 / in))",
    references: ["He, Zhang, Ren, Sun: Delving deep into rectifiers (2015), arXiv:1502.01852"])

  public init() {}

  public func values(shape: Shape, fans: Fans, random: RandomSource, dtype: DType) -> Tensor {
    let bound = (6 / Double(max(1, fans.input))).squareRoot()
    return random.uniform(shape, in: -bound..<bound, dtype: dtype)
  }
}
