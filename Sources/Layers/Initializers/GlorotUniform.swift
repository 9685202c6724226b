import AviaryCore
import AviaryRegistry

/// Uniform in ±gain·√(6 / (in + out)), so that activations and gradients keep their variance through layers.
///
/// Use a gain of 1 for tanh and linear units, and 4 for sigmoid units, whose slope at 0 is a quarter of tanh's. (Glorot
/// and Bengio: Understanding the difficulty of training deep feedforward neural networks, 2010.)
public struct GlorotUniform: Initializer, Registrable {
  public static let name = "glorot-uniform"
  public static let card = Card(
    "Uniform with variance 2·gain² / (in + out), for tanh and linear units, or sigmoid units with a gain of 4.",
    formula: "w ~ U(±gain·√(6 / (in + out)))",
    references: ["Glorot, Bengio: Understanding the difficulty of training deep feedforward neural networks (2010)"])

  @Field("Factor of the range: 1 for tanh and linear units, 4 for sigmoid units", .nonNegative) var gain = 1.0

  public init() {}

  /// Traps on a negative or infinite gain.
  public init(gain: Double = 1, file: StaticString = #fileID, line: UInt = #line) {
    self.gain = gain
    self = required(file: file, line: line)
  }

  public func values(shape: Shape, fans: Fans, random: RandomSource, dtype: DType) -> Tensor {
    let bound = gain * (6 / max(1, Double(fans.input) + Double(fans.output))).squareRoot()
    return random.uniform(shape, in: -bound..<bound, dtype: dtype)
  }
}
