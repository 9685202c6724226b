import AviaryCore
import AviaryLayers
import AviaryRegistry
import AviaryTraining

/// Any chain of layers, written down in the recipe: registered ones by name, ours or yours.
///
/// ```json
/// {"name": "network", "layers": [{"name": "dense", "units": 32, "activation": "tanh"}, {"name": "dense", "units": 5}]}
/// ```
public struct Network: ModelDefinition, Registrable {
  /// The model's configuration.
  public struct Configuration: ConfigurationFields {
    /// The layers in order; the last one's outputs are what the loss sees.
    public var layers: [Specification] = ["flatten"]

    /// One layer.
    public init() {}
  }

  /// `"network"`.
  public static let name = "network"
  /// The layers have no default.
  public static let required: Set<String> = ["layers"]
  /// What is worth knowing.
  public static let card = Card(
    "Any chain of registered layers, written down in the recipe.", formula: "y = fₖ(… f₂(f₁(x)))",
    fields: ["layers": "The layers in order; the last one's outputs are what the loss sees."])

  let layers: Sequential

  /// Makes the layers.
  public init(_ configuration: Configuration, in registries: Registries) throws {
    layers = Sequential(try configuration.layers.map { try registries.make(.layer, $0) })
  }

  /// The layers.
  public func network(for task: LearningTask) throws -> any Layer { layers }
}
