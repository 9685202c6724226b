import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// A plain recurrent layer (Elman network): the state of a step depends on its input and the previous state.
///
/// ```
/// hₜ = f(xₜ·W + hₜ₋₁·U + b),  h₀ = 0
/// ```
///
/// Shapes: input [steps, features], weight W [features, units], recurrent U [units, units], bias b [units], output
/// [units] or, if `outputs` is all, [steps, units]. With ReLU units and the identity as U, it remembers over hundreds
/// of steps (Le, Jaitly and Hinton, 2015). (Elman: Finding structure in time, 1990.)
public struct RNN: Layer, Registrable {
  /// The activation f.
  public enum Activation: String, CaseIterable, FieldValue {
    /// The hyperbolic tangent.
    case tanh
    /// The rectifier max(0, x).
    case relu
  }

  public static let name = "rnn"
  public static let card = Card(
    "A plain recurrent layer: the state of a step depends on its input and the previous state.",
    formula: "hₜ = f(xₜ·W + hₜ₋₁·U + b)",
    references: [
      "Elman: Finding structure in time (1990)",
      "Le, Jaitly, Hinton: A simple way to initialize recurrent networks of rectified linear units (2015), arXiv:1504.00941",
    ])

  var fields = RecurrentFields()
  @Field("Activation f of the state") var activation = Activation.tanh

  public init() {}

  /// By default returns the last state. Traps unless `units` is positive and the dropout rate in 0..<1.
  public init(
    _ units: Int, outputs: RecurrentOutputs = .last, direction: RecurrentDirection = .forward,
    activation: Activation = .tanh, recurrentInitializer: any Initializer = GlorotUniform(),
    recurrentDropout: any Schedule = 0.0, file: StaticString = #fileID, line: UInt = #line
  ) {
    fields = RecurrentFields(units, outputs, direction, recurrentDropout)
    fields.recurrentInitializer = recurrentInitializer
    self.activation = activation
    self = required(file: file, line: line)
  }

  private var pass: RecurrentPass { RecurrentPass(fields, activation == .tanh ? .tanh : .relu) }

  /// Declares W, U and b, for both directions if used.
  public func declare(in builder: inout ParameterBuilder, input: Shape) throws -> Shape {
    try pass.declare(in: &builder, input: input)
  }

  /// After a sequence's end, the state stays unchanged.
  public var allowsPadding: Bool { true }

  /// True if the layer reads forward and outputs the states of all steps.
  public var isCausal: Bool { fields.isCausal }

  public func callAsFunction(_ input: Variable, _ parameters: Parameters, _ context: inout Context) -> Variable {
    pass(input, parameters, &context)
  }
}
