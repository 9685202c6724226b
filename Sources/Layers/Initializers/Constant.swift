import AviaryCore
import AviaryRegistry

/// The same number everywhere.
public struct Constant: Initializer, Registrable {
  /// The initializer's configuration.
  public struct Configuration: ConfigurationFields {
    /// The number.
    public var value = 0.0

    /// Zero.
    public init() {}
  }

  /// `"constant"`.
  public static let name = "constant"
  /// What is worth knowing.
  public static let card = Card(
    "The same number everywhere.", formula: "w = value", fields: ["value": "The number."])

  let value: Double

  /// Takes the number as it is.
  public init(_ configuration: Configuration, in registries: Registries) { self.init(configuration.value) }

  /// A number. Traps where it is none or infinite.
  public init(_ value: Double, file: StaticString = #fileID, line: UInt = #line) {
    require(value.isFinite, "initial values of \(value)", file, line)
    self.value = value
  }

  /// The number everywhere.
  public func values(shape: Shape, fans: Fans, random: RandomSource, dtype: DType) -> Tensor {
    Tensor(repeating: value, shape: shape, dtype: dtype)
  }
}
