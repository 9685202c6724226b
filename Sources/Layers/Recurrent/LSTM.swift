import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// Long short-term memory: cells that keep their content until a gate makes them forget it.
///
/// ```
/// i, f, g, o = xₜ·W + hₜ₋₁·U + b                 four vectors of `units` numbers
/// cₜ = σ(f)·cₜ₋₁ + σ(i)·tanh(g)
/// hₜ = σ(o)·tanh(cₜ)
/// ```
///
/// With peepholes, i and f see cₜ₋₁ and o sees cₜ, through one weight per unit. The forget gate's bias starts at 1, so
/// that cells initially remember (Jozefowicz, Zaremba and Sutskever, 2015).
///
/// Shapes: input [steps, features], weight W [features, 4·units], recurrent U [units, 4·units], bias b [4·units],
/// peepholes [3·units], output [units] or, if `outputs` is all, [steps, units]. The gates are in the order of PyTorch
/// and Keras; PyTorch's two biases add up to this one. (Hochreiter and Schmidhuber: Long short-term memory, 1997.)
public struct LSTM: Layer, Registrable {
  public static let name = "lstm"
  public static let card = Card(
    "Long short-term memory: cells that keep their content until a gate makes them forget it.",
    formula: "cₜ = σ(f)·cₜ₋₁ + σ(i)·tanh(g),  hₜ = σ(o)·tanh(cₜ),  i, f, g, o = xₜ·W + hₜ₋₁·U + b",
    references: [
      "Hochreiter, Schmidhuber: Long short-term memory (1997)",
      "Gers, Schraudolph, Schmidhuber: Learning precise timing with LSTM recurrent networks (2002)",
      "Gal, Ghahramani: A theoretically grounded application of dropout in recurrent neural networks (2016), arXiv:1512.05287",
    ])

  var fields = RecurrentFields()
  @Field("Initial bias of the forget gates") var forgetBias = 1.0
  @Field("Adds peephole connections from the cells to the gates") var peepholes = false

  public init() {}

  /// By default returns the last state. Traps unless `units` is positive and the dropout rate in 0..<1.
  public init(
    _ units: Int, outputs: RecurrentOutputs = .last, direction: RecurrentDirection = .forward, forgetBias: Double = 1,
    peepholes: Bool = false, recurrentDropout: any Schedule = 0.0, file: StaticString = #fileID, line: UInt = #line
  ) {
    fields = RecurrentFields(units, outputs, direction, recurrentDropout)
    self.forgetBias = forgetBias
    self.peepholes = peepholes
    self = required(file: file, line: line)
  }

  private var pass: RecurrentPass {
    RecurrentPass(
      fields, .lstm(peepholes: peepholes),
      biasInitializer: ForgetBias(others: fields.biasInitializer, forget: forgetBias),
      extra: peepholes ? ("peepholes", 3) : nil)
  }

  /// Declares W, U, b, and peepholes if used.
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

/// The bias of the four gates, with a separate value for the second, the forget gate.
private struct ForgetBias: Initializer {
  let others: any Initializer
  let forget: Double

  func values(shape: Shape, fans: Fans, random: RandomSource, dtype: DType) -> Tensor {
    let units = shape[0] / 4
    let values = others.values(shape: shape, fans: fans, random: random, dtype: dtype)
    let gate = Tensor(repeating: forget, shape: [units], dtype: dtype)
    return Tensor.concatenate([values[0..<units], gate, values[(2 * units)...]], axis: 0)
  }
}
