import AviaryCore
import AviaryRegistry

/// All zeros.
public struct Zeros: Initializer, Registrable {
  public static let name = "zeros"
  public static let card = Card("All zeros.", formula: "w = 0")

  public init() {}

  public func values(shape: Shape, fans: Fans, random: RandomSource, dtype: DType) -> Tensor {
    Tensor.zeros(shape, dtype: dtype)
  }
}
