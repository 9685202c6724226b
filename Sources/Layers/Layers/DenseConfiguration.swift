import AviaryRegistry

/// What layers around a ``Dense`` configure of it, in fields of the same names.
protocol DenseConfiguration {
  var units: Int { get }
  var activation: Specification { get }
  var bias: Bool { get }
  var weightInitializer: Specification { get }
  var biasInitializer: Specification { get }
  var weightRegularizer: Specification? { get }
  var weightConstraint: Specification? { get }
}

extension DenseConfiguration {
  /// The dense layer's own configuration.
  var dense: Dense.Configuration {
    var dense = Dense.Configuration()
    dense.units = units
    dense.activation = activation
    dense.bias = bias
    dense.weightInitializer = weightInitializer
    dense.biasInitializer = biasInitializer
    dense.weightRegularizer = weightRegularizer
    dense.weightConstraint = weightConstraint
    return dense
  }
}

extension Dense {
  /// What the fields of a ``DenseConfiguration`` mean, for cards.
  static let sharedFields = [
    "units": "How many outputs, at least 1.",
    "activation": "The function f applied to each output.",
    "bias": "Adds the trained vector b.",
    "weightInitializer": "Draws the initial weights W [in, units].",
    "biasInitializer": "Draws the initial bias b [units].",
    "weightRegularizer": "What is added to the loss for W; nothing unless given.",
    "weightConstraint": "What is imposed on W after each update; nothing unless given.",
  ]
}
