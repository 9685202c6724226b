import AviaryAutograd
import AviaryCore

/// A layer that can reconstruct its inputs from its outputs, the codes: an autoencoder, an RBM.
///
/// Its forward pass encodes, so that such layers work in a ``Sequential`` like any other and a supervised objective
/// trains through them; parameters used only for decoding then get no gradient. An unsupervised objective trains such a
/// layer to reconstruct its inputs.
public protocol ReconstructingLayer: Layer {
  /// Decodes codes.
  ///
  /// - Parameters:
  ///   - code: [batch] + the layer's output shape.
  ///   - parameters: the layer's own parameters.
  ///   - context: mode, randomness and progress.
  /// - Returns: [batch, elements per input]: values, or logits of values in [0, 1], depending on the loss.
  func decode(_ code: Variable, _ parameters: Parameters, _ context: inout Context) -> Variable
}

extension Model {
  /// Decodes codes [batch] + `outputShape` with given parameters, as for `forward`: [batch, elements per input]. nil if
  /// the network is not a ``ReconstructingLayer``.
  public func decode(_ code: Variable, _ values: [Variable], _ context: inout Context) -> Variable? {
    (layer as? any ReconstructingLayer)?.decode(code, Parameters(scope: scope, values: values), &context)
  }

  /// Decodes codes [batch] + `outputShape` at inference; nil if the network is not a ``ReconstructingLayer``.
  public func decode(_ code: Tensor) -> Tensor? {
    var context = Context(.inference)
    return decode(Variable(code), parameters.variables { _ in false }, &context)?.value
  }
}
