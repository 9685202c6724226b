import AviaryCore
import AviaryData
import AviaryLayers
import AviaryRegistry
import AviaryTraining

/// A long short-term memory network: `lstm` layers over a sequence [steps, features], then linear units on the last
/// state, one per class or target value.
public struct LSTMNetwork: ModelDefinition, Registrable {
  public static let name = "lstm"
  public static let card = Card(
    "A long short-term memory network for sequences: LSTM layers, then linear units on the last state.",
    formula: "cₜ = σ(f)·cₜ₋₁ + σ(i)·tanh(g),  hₜ = σ(o)·tanh(cₜ),  y = h_T·V + c",
    references: [
      "Hochreiter, Schmidhuber: Long short-term memory (1997)"
    ],
    tags: ["sequence", "classifier", "regression"])

  var network = RecurrentNetwork()
  @Field("Initial bias of the forget gates") var forgetBias = 1.0
  @Field("Adds peephole connections from the cells to the gates") var peepholes = false

  public init() {}

  /// Throws `ConfigurationError` for values out of range.
  public init(
    units: [Int] = [64], direction: RecurrentDirection = .forward, forgetBias: Double = 1, peepholes: Bool = false,
    dropout: Double = 0,
    recurrentDropout: Double = 0
  ) throws {
    network = RecurrentNetwork(units, direction, dropout, recurrentDropout)
    self.forgetBias = forgetBias
    self.peepholes = peepholes
    self = try checked()
  }

  /// The layers, and one linear unit per class or target value.
  public func network(for task: LearningTask) throws -> any Layer {
    try network.network(for: task, of: Self.name) { units, outputs in
      LSTM(
        units, outputs: outputs, direction: network.direction, forgetBias: forgetBias, peepholes: peepholes,
        recurrentDropout: network.recurrentDropout)
    }
  }
}
