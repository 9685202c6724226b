import AviaryCore
import AviaryRegistry

/// Uniform in ±range, whatever the layer's size.
public struct Uniform: Initializer, Registrable {
  public static let name = "uniform"
  public static let card = Card(
    "Uniform in a range around zero.", formula: "w ~ U(±range)")

  @Field("Maximum absolute value", .nonNegative) var range = 0.05

  public init() {}

  /// Traps on a negative or infinite range.
  public init(_ range: Double = 0.05, file: StaticString = #fileID, line: UInt = #line) {
    self.range = range
    self = required(file: file, line: line)
  }

  public func values(shape: Shape, fans: Fans, random: RandomSource, dtype: DType) -> Tensor {
    random.uniform(shape, in: -range..<range, dtype: dtype)
  }
}
