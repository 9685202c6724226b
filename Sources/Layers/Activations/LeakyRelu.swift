import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// The rectifier with a slope below zero, so that no unit dies: f(x) = x above zero, slope·x below.
///
/// (Maas, Hannun and Ng: Rectifier nonlinearities improve neural network acoustic models, 2013.)
public struct LeakyRelu: Activation, Registrable {
  /// The function's configuration.
  public struct Configuration: ConfigurationFields {
    /// The slope below zero.
    public var slope = 0.01

    /// A slope of 0.01.
    public init() {}
  }

  /// `"leaky-relu"`.
  public static let name = "leaky-relu"
  /// What is worth knowing.
  public static let card = Card(
    "The rectifier with a slope below zero, so that no unit dies.", formula: "f(x) = x above zero, slope·x below",
    fields: ["slope": "The slope below zero, at least 0."],
    references: ["Maas, Hannun, Ng: Rectifier nonlinearities improve neural network acoustic models (2013)"])

  let slope: Double

  /// Checks the slope.
  public init(_ configuration: Configuration, in registries: Registries) throws {
    slope = try Check.nonNegative(configuration.slope, "slope")
  }

  /// A slope of 0.01 unless given. Traps on a negative or infinite one.
  public init(slope: Double = 0.01, file: StaticString = #fileID, line: UInt = #line) {
    require(slope >= 0 && slope.isFinite, "a slope of \(slope); it is a number of at least 0", file, line)
    self.slope = slope
  }

  /// x above zero, slope·x below.
  public func callAsFunction(_ x: Variable) -> Variable { x.leakyRelu(slope: slope) }
  /// The same.
  public var fused: FusedActivation? { .leakyRelu(slope: slope) }
}
