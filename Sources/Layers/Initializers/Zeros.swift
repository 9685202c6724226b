import AviaryCore
import AviaryRegistry

/// All zeros.
public struct Zeros: Initializer, Registrable {
  /// `"zeros"`.
  public static let name = "zeros"
  /// What is worth knowing.
  public static let card = Card("All zeros.", formula: "w = 0")

  /// Zeros.
  public init() {}
  /// Zeros.
  public init(_ configuration: EmptyConfiguration, in registries: Registries) {}
  /// Zeros.
  public func values(shape: Shape, fans: Fans, random: RandomSource, dtype: DType) -> Tensor {
    Tensor.zeros(shape, dtype: dtype)
  }
}
