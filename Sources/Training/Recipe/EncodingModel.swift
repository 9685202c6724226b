import AviaryCore
import AviaryLayers

/// A model that encodes its inputs and decodes the codes: an autoencoder.
///
/// ```swift
/// let definition = try registries.make(.model, "autoencoder", ["units": [128, 2], "codeActivation": "identity"])
/// …
/// let codes = try (definition as? any EncodingModel)?.codes(model, of: images)      // float32[n, 2]: points of a plane
/// ```
public protocol EncodingModel: ReconstructingModel {
  /// The codes of inputs [batch] + the model's input shape, in inference: [batch, code units].
  func codes(_ model: Model, of inputs: Tensor) throws -> Tensor

  /// Decodes any codes [batch, code units] into reconstructions shaped like inputs.
  func reconstructions(_ model: Model, from codes: Tensor) throws -> Tensor
}

extension EncodingModel {
  /// Encodes and decodes.
  public func reconstructions(_ model: Model, of inputs: Tensor) throws -> Tensor {
    try reconstructions(model, from: codes(model, of: inputs))
  }
}
