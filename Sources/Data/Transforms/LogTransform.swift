import AviaryCore
import AviaryRegistry

/// Takes logarithms, which turn growth by factors into growth by equal steps.
///
/// ```
/// y = log(x + offset)
/// ```
///
/// Shapes: [n, …] → [n, …].
public struct LogTransform: Transform, Registrable {
  public static let name = "log"
  public static let card = Card(
    "Takes logarithms of all inputs, which turn growth by factors into growth by equal steps.",
    formula: "y = log(x + offset)")

  @Field("Offset added before the logarithm, for inputs that are not all positive") package var offset = 0.0

  public init() {}

  /// Logarithms of `x + offset`.
  public init(offset: Double) { self.offset = offset }

  /// Element by element. Throws ``DataError`` for inputs without a logarithm.
  public func callAsFunction(_ inputs: Tensor, _ learned: NamedTensors = [:]) throws -> Tensor {
    let x = inputs.inFloatingPoint
    let shifted = offset == 0 ? x : x + offset
    let least = shifted.elementCount == 0 ? 1 : shifted.min().item()
    guard least > 0 else {
      let found = least - offset
      throw DataError(
        Self.name,
        "expected inputs above \(0 - offset), found \(found); set offset to a number above \(0 - found), or leave the transform out"
      )
    }
    return shifted.log()
  }

  /// The inverse:
  ///
  /// ```
  /// x = exp(y) − offset
  /// ```
  public func inverse(_ outputs: Tensor, _ learned: NamedTensors = [:]) throws -> Tensor? {
    let x = outputs.inFloatingPoint.exp()
    return offset == 0 ? x : x - offset
  }
}
