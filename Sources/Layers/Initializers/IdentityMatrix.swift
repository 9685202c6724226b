import AviaryCore
import AviaryRegistry

/// The identity: weights [in, out] with `gain` on the diagonal and 0 elsewhere, so that a layer starts by passing its
/// inputs through.
///
/// Filters [height, width, in, out] have the diagonal at the window's center, so that the convolution passes the image
/// through. A vector, which has no diagonal, gets zeros.
public struct IdentityMatrix: Initializer, Registrable {
  public static let name = "identity"
  public static let card = Card(
    "Passes the inputs through: ones on the diagonal; for filters, at the center of the window.",
    formula: "wᵢⱼ = gain if i = j, else 0",
    references: ["Le, Jaitly, Hinton: A simple way to initialize recurrent networks of rectified linear units (2015)"])

  @Field("Value on the diagonal") var gain = 1.0

  public init() {}

  /// Traps unless the gain is finite.
  public init(gain: Double = 1, file: StaticString = #fileID, line: UInt = #line) {
    self.gain = gain
    self = required(file: file, line: line)
  }

  public func values(shape: Shape, fans: Fans, random: RandomSource, dtype: DType) -> Tensor {
    guard shape.rank >= 2 else { return Tensor.zeros(shape, dtype: dtype) }
    let (inputs, outputs) = (shape[-2], shape[-1])
    let middle = shape.dropLast(2).reduce(0) { $0 * $1 + $1 / 2 }
    var numbers = [Double](repeating: 0, count: shape.elementCount)
    for place in 0..<min(inputs, outputs) { numbers[(middle * inputs + place) * outputs + place] = gain }
    return Tensor(numbers, shape: shape).cast(to: dtype)
  }
}
