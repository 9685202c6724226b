import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// A ReLU with a small slope below zero, so that no unit dies.
///
///     f(x) = x if x > 0, else slope·x
///
/// (Maas, Hannun and Ng: Rectifier nonlinearities improve neural network acoustic models, 2013.)
public struct LeakyRelu: Activation, Registrable {
  public static let name = "leaky-relu"
  public static let card = Card(
    "A ReLU with a small slope below zero, so that no unit dies.", formula: "f(x) = x if x > 0, else slope·x",
    references: ["Maas, Hannun, Ng: Rectifier nonlinearities improve neural network acoustic models (2013)"])

  @Field("Slope below zero", .nonNegative) var slope = 0.01

  public init() {}

  /// Traps on a negative or infinite slope.
  public init(slope: Double = 0.01, file: StaticString = #fileID, line: UInt = #line) {
    self.slope = slope
    self = required(file: file, line: line)
  }

  public func callAsFunction(_ x: Variable) -> Variable { x.leakyRelu(slope: slope) }
  public var fused: FusedActivation? { .leakyRelu(slope: slope) }
}
