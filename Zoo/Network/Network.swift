import AviaryCore
import AviaryLayers
import AviaryRegistry
import AviaryTraining

/// Any chain of registered layers, built-in or your own, defined in the recipe.
///
/// ```json
/// {"name": "network", "layers": [{"name": "dense", "units": 32, "activation": "tanh"}, {"name": "dense", "units": 5}]}
/// ```
public struct Network: ModelDefinition, Registrable {
  public static let name = "network"
  public static let card = Card(
    "Any chain of registered layers, defined in the recipe.", formula: "y = fₖ(… f₂(f₁(x)))")

  @Field(.layer, "Layers in order; the loss takes the outputs of the last", example: [Flatten()])
  var layers: [any Layer]

  public init() {}

  /// A chain of the layers.
  public init(_ layers: [any Layer]) { self.layers = layers }

  /// A chain of layers: `Network { Dense(32, activation: Tanh()); Dense(5) }`.
  public init(@LayerBuilder _ layers: () -> [any Layer]) { self.layers = layers() }

  public func network(for task: LearningTask) throws -> any Layer { Sequential(layers) }
}
