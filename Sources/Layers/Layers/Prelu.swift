import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// A ReLU with a trained slope below zero for each channel, the last axis.
///
///     y = x if x > 0, else a·x
///
/// The derivative at 0 is defined as a. A penalty on the slopes would pull them to zero, the plain ReLU; the paper has
/// none.
///
/// Shapes: input [..., channels], slope [channels] ([1] if shared), output as the input. (He, Zhang, Ren and Sun:
/// Delving deep into rectifiers, 2015.)
public struct Prelu: Layer, Registrable {
  public static let name = "prelu"
  public static let card = Card(
    "A ReLU with a trained slope below zero for each channel.",
    formula: "y = x if x > 0, else a·x",
    references: ["He, Zhang, Ren, Sun: Delving deep into rectifiers (2015), arXiv:1502.01852"])

  @Field("Initial slope") var initial = 0.25
  @Field("Whether all channels share one slope") var shared = false

  public init() {}

  /// Traps unless `initial` is finite.
  public init(initial: Double = 0.25, shared: Bool = false, file: StaticString = #fileID, line: UInt = #line) {
    self.initial = initial
    self.shared = shared
    self = required(file: file, line: line)
  }

  /// Declares a slope per channel, or one for all.
  public func declare(in builder: inout ParameterBuilder, input: Shape) throws -> Shape {
    guard input.rank > 0 else { throw LayerError(path: builder.path, "it takes inputs with at least one axis") }
    try builder.parameter("slope", shape: [shared ? 1 : input[-1]], initializer: Constant(initial))
    return input
  }

  /// Steps are independent.
  public var allowsPadding: Bool { true }

  /// Steps are independent.
  public var isCausal: Bool { true }

  public func callAsFunction(_ input: Variable, _ parameters: Parameters, _ context: inout Context) -> Variable {
    Variable.where(input .> 0, input, input * parameters["slope"])
  }
}
