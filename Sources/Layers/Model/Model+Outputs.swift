import AviaryRegistry

extension Model {
  /// The name of the last layer's activation; nil if it cannot be determined.
  package var outputActivation: String? {
    (layer as? AutoencoderLayer).map { Model.name(of: $0.outputActivation) } ?? Model.outputActivation(of: layer)
  }

  private static func outputActivation(of layer: any Layer) -> String? {
    switch layer {
    case let chain as Sequential: chain.layers.last.flatMap(outputActivation)
    case let dense as Dense: name(of: dense.map.activation)
    case let activation as ActivationLayer: name(of: activation.function)
    default: nil
    }
  }

  private static func name(of activation: any Activation) -> String? {
    switch activation.fused {
    case .identity: Identity.name
    case .relu: Relu.name
    case .leakyRelu: LeakyRelu.name
    case .sigmoid: Sigmoid.name
    case .tanh: Tanh.name
    case nil: (type(of: activation) as? any Registrable.Type)?.name
    }
  }
}
