import AviaryCore
import AviaryRegistry

/// Numbers drawn evenly from ±range, whatever the layer's size.
public struct Uniform: Initializer, Registrable {
  /// The initializer's configuration.
  public struct Configuration: ConfigurationFields {
    /// The greatest absolute value.
    public var range = 0.05

    /// ±0.05.
    public init() {}
  }

  /// `"uniform"`.
  public static let name = "uniform"
  /// What is worth knowing.
  public static let card = Card(
    "Drawn evenly from a range around zero.", formula: "w ~ U(±range)",
    fields: ["range": "The greatest absolute value, at least 0."])

  let range: Double

  /// Checks the range.
  public init(_ configuration: Configuration, in registries: Registries) throws {
    range = try Check.nonNegative(configuration.range, "range")
  }

  /// ±0.05 unless given. Traps on a negative or infinite range.
  public init(_ range: Double = 0.05, file: StaticString = #fileID, line: UInt = #line) {
    require(range >= 0 && range.isFinite, "a range of ±\(range); it is a number of at least 0", file, line)
    self.range = range
  }

  /// Numbers in ±range.
  public func values(shape: Shape, fans: Fans, random: RandomSource, dtype: DType) -> Tensor {
    random.uniform(shape, in: -range..<range, dtype: dtype)
  }
}
