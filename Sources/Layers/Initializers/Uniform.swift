import AviaryCore
import AviaryRegistry

/// Numbers drawn evenly from ±range, whatever the layer's size.
public struct Uniform: Initializer, Registrable {
  public static let name = "uniform"
  public static let card = Card(
    "Drawn evenly from a range around zero.", formula: "w ~ U(±range)")

  @Field("Greatest absolute value", .nonNegative) var range = 0.05

  public init() {}

  /// ±0.05 unless given. Traps on a negative or infinite range.
  public init(_ range: Double = 0.05, file: StaticString = #fileID, line: UInt = #line) {
    self.range = range
    self = required(file: file, line: line)
  }

  /// Numbers in ±range.
  public func values(shape: Shape, fans: Fans, random: RandomSource, dtype: DType) -> Tensor {
    random.uniform(shape, in: -range..<range, dtype: dtype)
  }
}
