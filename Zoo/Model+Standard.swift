import AviaryLayers
import AviaryRegistry
import AviaryTraining

extension Model {
  /// Reads a model of Aviary's own layers that `save` or a training wrote (`weights.safetensors` in a run's folder).
  /// Throws as `init(contentsOf:in:)` does.
  public init(contentsOf path: String) throws { try self.init(contentsOf: path, in: .standard) }
}
