import AviaryCore
import AviaryLayers

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
    model.shapedAsInputs(loss.predictions(try model.layers(depth..<2 * depth)(codes)))
  }
}
