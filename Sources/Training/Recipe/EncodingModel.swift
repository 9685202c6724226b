import AviaryCore
import AviaryLayers

/// A model that makes codes of its inputs and goes back from codes: an autoencoder.
///
/// ```swift
/// let definition = try registries.make(.model, "autoencoder", ["units": [128, 2], "codeActivation": "identity"])
/// …
/// let codes = try (definition as? any EncodingModel)?.codes(model, of: images)      // float32[n, 2]: points of a plane
/// ```
public protocol EncodingModel: ReconstructingModel {
  /// The codes of a batch [batch] + the model's input shape, in inference: [batch, units of the code].
  func codes(_ model: Model, of inputs: Tensor) throws -> Tensor

  /// What codes [batch, units of the code] stand for, shaped as inputs: also those of no input.
  func reconstructions(_ model: Model, from codes: Tensor) throws -> Tensor
}

extension EncodingModel {
  /// To the codes and back.
  public func reconstructions(_ model: Model, of inputs: Tensor) throws -> Tensor {
    try reconstructions(model, from: codes(model, of: inputs))
  }
}
