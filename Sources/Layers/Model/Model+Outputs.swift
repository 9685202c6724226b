extension Model {
  /// The sigmoid or softmax that the last layer ends with, by name; nil where it ends with neither, or that cannot be told.
  package var outputProbabilities: String? {
    (layer as? AutoencoderLayer).map { Model.name(of: $0.outputActivation) } ?? Model.probabilities(of: layer)
  }

  private static func probabilities(of layer: any Layer) -> String? {
    switch layer {
    case let chain as Sequential: chain.layers.last.flatMap(probabilities)
    case let dense as Dense: name(of: dense.map.activation)
    case let activation as ActivationLayer: name(of: activation.function)
    default: nil
    }
  }

  private static func name(of activation: any Activation) -> String? {
    activation is Softmax ? Softmax.name : activation.fused == .sigmoid ? Sigmoid.name : nil
  }
}
