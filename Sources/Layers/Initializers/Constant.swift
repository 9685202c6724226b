import AviaryCore
import AviaryRegistry

/// A constant value.
public struct Constant: Initializer, Registrable {
  public static let name = "constant"
  public static let card = Card(
    "A constant value.", formula: "w = value")

  @Field("Value of all elements") var value = 0.0

  public init() {}

  /// Traps unless the value is finite.
  public init(_ value: Double, file: StaticString = #fileID, line: UInt = #line) {
    self.value = value
    self = required(file: file, line: line)
  }

  public func values(shape: Shape, fans: Fans, random: RandomSource, dtype: DType) -> Tensor {
    Tensor(repeating: value, shape: shape, dtype: dtype)
  }
}
