import AviaryCore
import AviaryRegistry

/// Numbers drawn evenly from ±√(6 / in), so that layers of rectifiers keep the variance of their inputs.
///
/// (He, Zhang, Ren and Sun: Delving deep into rectifiers, 2015.)
public struct HeUniform: Initializer, Registrable {
  public static let name = "he-uniform"
  public static let card = Card(
    "Drawn evenly, with the variance 2 / in, which suits rectifiers.", formula: "w ~ U(±√(6 / in))",
    references: ["He, Zhang, Ren, Sun: Delving deep into rectifiers (2015), arXiv:1502.01852"])

  public init() {}

  /// Numbers in ±√(6 / in).
  public func values(shape: Shape, fans: Fans, random: RandomSource, dtype: DType) -> Tensor {
    let bound = (6 / Double(max(1, fans.input))).squareRoot()
    return random.uniform(shape, in: -bound..<bound, dtype: dtype)
  }
}
