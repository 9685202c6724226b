import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// A gated recurrent unit layer: two gates control how much of the state stays, and how much of it a step sees.
///
/// ```
/// r = σ(xₜ·Wᵣ + hₜ₋₁·Uᵣ + bᵣ)
/// z = σ(xₜ·W_z + hₜ₋₁·U_z + b_z)
/// n = tanh(xₜ·Wₙ + bₙ + r·(hₜ₋₁·Uₙ + b′))
/// hₜ = (1 − z)·n + z·hₜ₋₁
/// ```
///
/// Shapes: input [steps, features], weight W [features, 3·units] in the order r, z, n, recurrent U [units, 3·units],
/// bias b [3·units], recurrentBias b′ [units], output [units] or, if `outputs` is all, [steps, units]. Equals PyTorch's
/// GRU, and Keras's with `reset_after`. (Cho and others: Learning phrase representations using RNN encoder–decoder,
/// 2014.)
public struct GRU: Layer, Registrable {
  public static let name = "gru"
  public static let card = Card(
    "Gated recurrent units: two gates control how much of the state stays, and how much of it a step sees.",
    formula: "hₜ = (1 − z)·n + z·hₜ₋₁,  n = tanh(xₜ·Wₙ + bₙ + r·(hₜ₋₁·Uₙ + b′))",
    references: [
      "Cho et al.: Learning phrase representations using RNN encoder-decoder (2014), arXiv:1406.1078"
    ])

  var fields = RecurrentFields()

  public init() {}

  /// By default returns the last state. Traps unless `units` is positive and the dropout rate in 0..<1.
  public init(
    _ units: Int, outputs: RecurrentOutputs = .last, direction: RecurrentDirection = .forward,
    recurrentDropout: any Schedule = 0.0, file: StaticString = #fileID, line: UInt = #line
  ) {
    fields = RecurrentFields(units, outputs, direction, recurrentDropout)
    self = required(file: file, line: line)
  }

  private var pass: RecurrentPass { RecurrentPass(fields, .gru, extra: ("recurrentBias", 1)) }

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
