import AviaryCore
import AviaryRegistry

/// Numbers drawn evenly from ±gain·√(6 / (in + out)), so that activations and gradients keep their variance through layers.
///
/// A gain of 1 is for tanh and linear units; sigmoid units, whose slope at 0 is a quarter of tanh's, take 4. (Glorot and
/// Bengio: Understanding the difficulty of training deep feedforward neural networks, 2010.)
public struct GlorotUniform: Initializer, Registrable {
  public static let name = "glorot-uniform"
  public static let card = Card(
    "Drawn evenly, with the variance 2·gain² / (in + out), which suits tanh and linear units, with a gain of 4 sigmoid ones.",
    formula: "w ~ U(±gain·√(6 / (in + out)))",
    references: ["Glorot, Bengio: Understanding the difficulty of training deep feedforward neural networks (2010)"])

  @Field("Factor of the range: 1 for tanh and linear units, 4 for sigmoid ones", .nonNegative) var gain = 1.0

  public init() {}

  /// A gain of 1 unless given. Traps on a negative or infinite one.
  public init(gain: Double = 1, file: StaticString = #fileID, line: UInt = #line) {
    self.gain = gain
    self = required(file: file, line: line)
  }

  /// Numbers in ±gain·√(6 / (in + out)).
  public func values(shape: Shape, fans: Fans, random: RandomSource, dtype: DType) -> Tensor {
    let bound = gain * (6 / max(1, Double(fans.input) + Double(fans.output))).squareRoot()
    return random.uniform(shape, in: -bound..<bound, dtype: dtype)
  }
}
