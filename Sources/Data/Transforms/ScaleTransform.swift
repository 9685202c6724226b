import AviaryCore
import AviaryRegistry

/// Scales and shifts all inputs. The divisor 255 turns bytes into values from 0 to 1.
///
/// ```
/// y = x · factor / divisor + offset
/// ```
///
/// Shapes: [n, …] → [n, …].
public struct ScaleTransform: Transform, Registrable {
  public static let name = "scale"
  public static let card = Card(
    "Scales and shifts all inputs; the divisor 255 turns bytes into values from 0 to 1.",
    formula: "y = x · factor / divisor + offset")

  @Field("Factor of the inputs, not 0") package var factor = 1.0
  @Field("Divisor of the inputs, not 0") package var divisor = 1.0
  @Field("Offset added at the end") package var offset = 0.0

  public init() {}

  /// Traps on a factor or divisor of 0.
  public init(
    factor: Double = 1, divisor: Double = 1, offset: Double = 0, file: StaticString = #fileID, line: UInt = #line
  ) {
    self.factor = factor
    self.divisor = divisor
    self.offset = offset
    self = required(file: file, line: line)
  }

  public func validate() throws {
    try Check.that(factor != 0 && factor.isFinite, "factor", "a number other than 0", found: factor)
    try Check.that(divisor != 0 && divisor.isFinite, "divisor", "a number other than 0", found: divisor)
    try Check.that(offset.isFinite, "offset", "a number", found: offset)
  }

  /// Element by element. The division is not a product with the reciprocal, which rounds differently.
  public func callAsFunction(_ inputs: Tensor, _ learned: NamedTensors = [:]) throws -> Tensor {
    var result = inputs.inFloatingPoint
    if factor != 1 { result = result * factor }
    if divisor != 1 { result = result / divisor }
    if offset != 0 { result = result + offset }
    return result
  }

  /// The inverse:
  ///
  /// ```
  /// x = (y − offset) · divisor / factor
  /// ```
  public func inverse(_ outputs: Tensor, _ learned: NamedTensors = [:]) throws -> Tensor? {
    var result = outputs.inFloatingPoint
    if offset != 0 { result = result - offset }
    if divisor != 1 { result = result * divisor }
    if factor != 1 { result = result / factor }
    return result
  }
}
