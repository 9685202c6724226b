import AviaryCore
import AviaryRegistry

/// The identity: weights [in, out] with `gain` on the diagonal and 0 elsewhere, so that a layer begins by passing its inputs on.
///
/// Of filters [height, width, in, out] the window's middle has the diagonal: the convolution passes the image on. A vector,
/// which has no diagonal, gets zeros.
public struct IdentityMatrix: Initializer, Registrable {
  public static let name = "identity"
  public static let card = Card(
    "Passes the inputs on: a diagonal of ones; of filters, in the middle of the window.",
    formula: "wᵢⱼ = gain where i = j, else 0",
    references: ["Le, Jaitly, Hinton: A simple way to initialize recurrent networks of rectified linear units (2015)"])

  @Field("Every number on the diagonal") var gain = 1.0

  public init() {}

  /// A gain of 1 unless given. Traps where it is none or infinite.
  public init(gain: Double = 1, file: StaticString = #fileID, line: UInt = #line) {
    self.gain = gain
    self = required(file: file, line: line)
  }

  /// The diagonal.
  public func values(shape: Shape, fans: Fans, random: RandomSource, dtype: DType) -> Tensor {
    guard shape.rank >= 2 else { return Tensor.zeros(shape, dtype: dtype) }
    let (inputs, outputs) = (shape[-2], shape[-1])
    let middle = shape.dropLast(2).reduce(0) { $0 * $1 + $1 / 2 }
    var numbers = [Double](repeating: 0, count: shape.elementCount)
    for place in 0..<min(inputs, outputs) { numbers[(middle * inputs + place) * outputs + place] = gain }
    return Tensor(numbers, shape: shape).cast(to: dtype)
  }
}
