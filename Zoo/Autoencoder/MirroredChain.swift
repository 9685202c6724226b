import AviaryCore
import AviaryLayers
import AviaryRegistry
import AviaryTraining

/// A chain of layers whose first half encodes and whose second half decodes.
struct MirroredChain: Sendable {
  /// How many layers each half has.
  let depth: Int
  /// What the chain's outputs mean.
  let loss: any Loss

  /// What the first half makes of inputs.
  func codes(_ model: Model, of inputs: Tensor) throws -> Tensor { try model.layers(0..<depth)(inputs) }

  /// What the second half makes of codes, shaped as inputs.
  func reconstructions(_ model: Model, from codes: Tensor) throws -> Tensor {
    let output = loss.predictions(try model.layers(depth..<2 * depth)(codes))
    return output.reshaped(to: model.inputShape.inserting(codes.shape[0], at: 0))
  }
}

extension StageProposal {
  /// A stage that trains a model, or one layer of it, to reconstruct its inputs.
  static func reconstructing(
    _ name: String, layer: String? = nil, loss: Specification, corruption: Specification? = nil
  ) -> StageProposal {
    var objective: ConfigurationObject = ["name": "reconstruction", "loss": loss.value]
    objective["corruption"] = corruption?.value
    var settings: ConfigurationObject = ["objective": .object(objective), "metrics": ["squared-error"]]
    settings["layer"] = layer.map { .string($0) }
    return StageProposal(name, settings)
  }
}
