import AviaryCore
import AviaryData
import AviaryLayers
import AviaryRegistry
import AviaryTraining

/// A network of gated recurrent units: `gru` layers over a sequence [steps, features], then linear units on the last
/// state, one per class or target value.
public struct GRUNetwork: ModelDefinition, Registrable {
  public static let name = "gru"
  public static let card = Card(
    "A network of gated recurrent units for sequences: GRU layers, then linear units on the last state.",
    formula: "hₜ = (1 − z)·n + z·hₜ₋₁,  y = h_T·V + c",
    references: [
      "Cho et al.: Learning phrase representations using RNN encoder-decoder (2014), arXiv:1406.1078"
    ],
    tags: ["sequence", "classifier", "regression"])

  var network = RecurrentNetwork()

  public init() {}

  /// Throws `ConfigurationError` for values out of range.
  public init(
    units: [Int] = [64], direction: RecurrentDirection = .forward, dropout: Double = 0,
    recurrentDropout: Double = 0
  ) throws {
    network = RecurrentNetwork(units, direction, dropout, recurrentDropout)
    self = try checked()
  }

  /// The layers, and one linear unit per class or target value.
  public func network(for task: LearningTask) throws -> any Layer {
    try network.network(for: task, of: Self.name) { units, outputs in
      GRU(
        units, outputs: outputs, direction: network.direction, recurrentDropout: network.recurrentDropout)
    }
  }
}
