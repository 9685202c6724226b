import AviaryCore
import AviaryRegistry

/// Multiplies, divides and shifts all inputs alike: y = x · factor / divisor + offset. Bytes become numbers from 0 to 1 by the
/// divisor 255.
///
/// Shapes: [n, …] → [n, …].
public struct ScaleTransform: Transform, Registrable {
  /// The transform's configuration.
  public struct Configuration: ConfigurationFields {
    /// What is multiplied by.
    public var factor = 1.0
    /// What is divided by.
    public var divisor = 1.0
    /// What is added in the end.
    public var offset = 0.0

    /// No change.
    public init() {}
  }

  /// `"scale"`.
  public static let name = "scale"
  /// What is worth knowing.
  public static let card = Card(
    "Multiplies, divides and shifts all inputs alike; bytes become numbers from 0 to 1 by the divisor 255.",
    formula: "y = x · factor / divisor + offset",
    fields: [
      "factor": "What the inputs are multiplied by, not 0.",
      "divisor": "What the inputs are divided by, not 0.",
      "offset": "What is added in the end.",
    ])

  let factor: Double
  let divisor: Double
  let offset: Double

  /// Checks the configuration.
  public init(_ configuration: Configuration, in registries: Registries) throws {
    for (field, value) in [("factor", configuration.factor), ("divisor", configuration.divisor)] {
      try Check.that(
        value != 0 && value.isFinite, ConfigurationPath([.key(field)]), "a number other than 0", found: value)
    }
    try Check.that(configuration.offset.isFinite, "offset", "a number", found: configuration.offset)
    factor = configuration.factor
    divisor = configuration.divisor
    offset = configuration.offset
  }

  /// A scaling. Traps on a factor or divisor of 0.
  public init(
    factor: Double = 1, divisor: Double = 1, offset: Double = 0, file: StaticString = #fileID, line: UInt = #line
  ) {
    require(factor != 0 && divisor != 0, "a scaling by the factor \(factor) and the divisor \(divisor)", file, line)
    self.factor = factor
    self.divisor = divisor
    self.offset = offset
  }

  /// Element by element. The division is one, not a product with the reciprocal, which rounds differently.
  public func callAsFunction(_ inputs: Tensor, _ learned: NamedTensors = [:]) throws -> Tensor {
    var result = inputs.inFloatingPoint
    if factor != 1 { result = result * factor }
    if divisor != 1 { result = result / divisor }
    if offset != 0 { result = result + offset }
    return result
  }

  /// x = (y − offset) · divisor / factor.
  public func inverse(_ outputs: Tensor, _ learned: NamedTensors = [:]) throws -> Tensor? {
    var result = outputs.inFloatingPoint
    if offset != 0 { result = result - offset }
    if divisor != 1 { result = result * divisor }
    if factor != 1 { result = result / factor }
    return result
  }
}
