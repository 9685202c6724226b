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
  public static let name = "network"
  public static let card = Card(
    "Any chain of registered layers, written down in the recipe.", formula: "y = fₖ(… f₂(f₁(x)))")

  @Field(.layer, "Layers in order; the outputs of the last are what the loss sees", example: [Flatten()])
  var layers: [any Layer]

  public init() {}

  /// A chain of layers.
  public init(_ layers: [any Layer]) { self.layers = layers }

  /// A chain of layers: `Network { Dense(32, activation: Tanh()); Dense(5) }`.
  public init(@LayerBuilder _ layers: () -> [any Layer]) { self.layers = layers() }

  public func network(for task: LearningTask) throws -> any Layer { Sequential(layers) }
}
