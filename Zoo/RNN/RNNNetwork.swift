import AviaryCore
import AviaryData
import AviaryLayers
import AviaryRegistry
import AviaryTraining

/// A plain recurrent network: `rnn` layers over a sequence [steps, features], then linear units on the last state, one
/// per class or target value.
public struct RNNNetwork: ModelDefinition, Registrable {
  public static let name = "rnn"
  public static let card = Card(
    "A plain recurrent network for sequences: recurrent layers, then linear units on the last state.",
    formula: "hₜ = f(xₜ·W + hₜ₋₁·U + b),  y = h_T·V + c",
    references: [
      "Elman: Finding structure in time (1990)",
      "Le, Jaitly, Hinton: A simple way to initialize recurrent networks of rectified linear units (2015), arXiv:1504.00941",
    ],
    tags: ["sequence", "classifier", "regression"])

  var network = RecurrentNetwork()
  @Field("Activation f of the states") var activation = RNN.Activation.tanh
  @Field(.initializer, "Initializer of the recurrent weights U") var recurrentInitializer: any Initializer =
    GlorotUniform()

  public init() {}

  /// Throws `ConfigurationError` for values out of range.
  public init(
    units: [Int] = [64], direction: RecurrentDirection = .forward, activation: RNN.Activation = .tanh,
    recurrentInitializer: any Initializer = GlorotUniform(),
    dropout: Double = 0,
    recurrentDropout: Double = 0
  ) throws {
    network = RecurrentNetwork(units, direction, dropout, recurrentDropout)
    self.activation = activation
    self.recurrentInitializer = recurrentInitializer
    self = try checked()
  }

  /// The layers, and one linear unit per class or target value.
  public func network(for task: LearningTask) throws -> any Layer {
    try network.network(for: task, of: Self.name) { units, outputs in
      RNN(
        units, outputs: outputs, direction: network.direction, activation: activation,
        recurrentInitializer: recurrentInitializer, recurrentDropout: network.recurrentDropout)
    }
  }
}
