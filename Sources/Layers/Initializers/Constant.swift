import AviaryCore
import AviaryRegistry

/// The same number everywhere.
public struct Constant: Initializer, Registrable {
  public static let name = "constant"
  public static let card = Card(
    "The same number everywhere.", formula: "w = value")

  @Field("Every initial value") var value = 0.0

  public init() {}

  /// A number. Traps where it is none or infinite.
  public init(_ value: Double, file: StaticString = #fileID, line: UInt = #line) {
    self.value = value
    self = required(file: file, line: line)
  }

  /// The number everywhere.
  public func values(shape: Shape, fans: Fans, random: RandomSource, dtype: DType) -> Tensor {
    Tensor(repeating: value, shape: shape, dtype: dtype)
  }
}
