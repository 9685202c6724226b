import AviaryAutograd
import AviaryCore

/// A layer that can go back from its outputs, the codes, to what the inputs must have been: an autoencoder, a
/// restricted Boltzmann machine.
///
/// Its forward pass encodes, so that such layers stand in a ``Sequential`` like any other and a supervised objective
/// trains through them; what is declared for the way back alone then gets no gradient. An unsupervised objective trains
/// one of them to reproduce its inputs.
public protocol ReconstructingLayer: Layer {
  /// Goes back from codes.
  ///
  /// - Parameters:
  ///   - code: [batch] + the layer's output shape.
  ///   - parameters: the layer's own parameters.
  ///   - context: mode, randomness and progress.
  /// - Returns: [batch, elements of an input]: values, or the logits of values in [0, 1]; the loss decides which.
  func decode(_ code: Variable, _ parameters: Parameters, _ context: inout Context) -> Variable
}

extension Model {
  /// The way back from codes [batch] + `outputShape` with given parameters, as `forward` takes them: [batch,
  /// elements of an input]. nil where the network is no ``ReconstructingLayer``.
  public func decode(_ code: Variable, _ values: [Variable], _ context: inout Context) -> Variable? {
    (layer as? any ReconstructingLayer)?.decode(code, Parameters(scope: scope, values: values), &context)
  }

  /// The way back from codes [batch] + `outputShape` in inference; nil where the network is no ``ReconstructingLayer``.
  public func decode(_ code: Tensor) -> Tensor? {
    var context = Context(.inference)
    return decode(Variable(code), parameters.variables { _ in false }, &context)?.value
  }
}
