import AviaryCore
import AviaryLayers

/// A chain of layers whose first half encodes and whose second half decodes.
struct MirroredChain: Sendable {
  /// The number of layers in each half.
  let depth: Int
  /// Gives the meaning of the chain's outputs.
  let loss: any Loss

  /// The outputs of the first half.
  func codes(_ model: Model, of inputs: Tensor) throws -> Tensor { try model.layers(0..<depth)(inputs) }

  /// The outputs of the second half, shaped as inputs.
  func reconstructions(_ model: Model, from codes: Tensor) throws -> Tensor {
    model.shapedAsInputs(loss.predictions(try model.layers(depth..<2 * depth)(codes)))
  }
}
