import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// The rectifier with a slope below zero, so that no unit dies: f(x) = x above zero, slope·x below.
///
/// (Maas, Hannun and Ng: Rectifier nonlinearities improve neural network acoustic models, 2013.)
public struct LeakyRelu: Activation, Registrable {
  public static let name = "leaky-relu"
  public static let card = Card(
    "The rectifier with a slope below zero, so that no unit dies.", formula: "f(x) = x above zero, slope·x below",
    references: ["Maas, Hannun, Ng: Rectifier nonlinearities improve neural network acoustic models (2013)"])

  @Field("Slope below zero", .nonNegative) var slope = 0.01

  public init() {}

  /// A slope of 0.01 unless given. Traps on a negative or infinite one.
  public init(slope: Double = 0.01, file: StaticString = #fileID, line: UInt = #line) {
    self.slope = slope
    self = required(file: file, line: line)
  }

  /// x above zero, slope·x below.
  public func callAsFunction(_ x: Variable) -> Variable { x.leakyRelu(slope: slope) }
  /// The same.
  public var fused: FusedActivation? { .leakyRelu(slope: slope) }
}
