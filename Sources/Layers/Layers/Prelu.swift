import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// The rectifier whose slope below zero is learned: y = x above zero, a·x below, a slope for each channel.
///
/// Channels are the last axis. At 0 the derivative is taken as a. A penalty on the slopes would draw them to zero, that is,
/// to the plain rectifier; the paper has none.
///
/// Shapes: input [..., channels], slope [channels] ([1] where it is shared), output as the input. (He, Zhang, Ren and Sun:
/// Delving deep into rectifiers, 2015.)
public struct Prelu: Layer, Registrable {
  public static let name = "prelu"
  public static let card = Card(
    "The rectifier whose slope below zero is learned, one for each channel.",
    formula: "y = x above zero, a·x below",
    references: ["He, Zhang, Ren, Sun: Delving deep into rectifiers (2015), arXiv:1502.01852"])

  @Field("Every slope at the beginning") var initial = 0.25
  @Field("Whether all channels have one slope in common") var shared = false

  public init() {}

  /// Slopes of 0.25, one a channel, unless given. Traps where the number is none or infinite.
  public init(initial: Double = 0.25, shared: Bool = false, file: StaticString = #fileID, line: UInt = #line) {
    self.initial = initial
    self.shared = shared
    self = required(file: file, line: line)
  }

  /// One slope a channel, or one for all.
  public func declare(in builder: inout ParameterBuilder, input: Shape) throws -> Shape {
    guard input.rank > 0 else { throw LayerError(path: builder.path, "it takes inputs with at least one axis") }
    try builder.parameter("slope", shape: [shared ? 1 : input[-1]], initializer: Constant(initial))
    return input
  }

  /// x or a·x.
  public func callAsFunction(_ input: Variable, _ parameters: Parameters, _ context: inout Context) -> Variable {
    Variable.where(input .> 0, input, input * parameters["slope"])
  }
}
