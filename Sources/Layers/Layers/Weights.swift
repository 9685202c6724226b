import AviaryCore
import AviaryRegistry

/// The weights W and biases b of a layer, with initializers, regularizer and constraint.
struct Weights: FieldGroup {
  @Field("Adds a bias b") var bias = true
  @Field(.initializer, "Initializer of the weights W") var weightInitializer: any Initializer = GlorotUniform()
  @Field(.initializer, "Initializer of the bias b") var biasInitializer: any Initializer = Zeros()
  @Field(.regularizer, "Penalty on W, added to the loss") var weightRegularizer: (any Regularizer)?
  @Field(.constraint, "Constraint on W after each update") var weightConstraint: (any Constraint)?

  init() {}

  init(
    bias: Bool, _ weightInitializer: any Initializer, _ biasInitializer: any Initializer,
    _ weightRegularizer: (any Regularizer)?, _ weightConstraint: (any Constraint)?
  ) {
    self.bias = bias
    self.weightInitializer = weightInitializer
    self.biasInitializer = biasInitializer
    self.weightRegularizer = weightRegularizer
    self.weightConstraint = weightConstraint
  }

  /// Declares the parameters `weight` with the given shape and `bias`, by default as long as the last axis.
  func declare(in builder: inout ParameterBuilder, shape: Shape, fans: Fans? = nil, biases: Int? = nil) throws {
    try declareWeight("weight", in: &builder, shape: shape, fans: fans)
    try declareBias(in: &builder, count: biases ?? shape[-1])
  }

  /// Declares weights with the given name.
  func declareWeight(_ name: String, in builder: inout ParameterBuilder, shape: Shape, fans: Fans? = nil) throws {
    try builder.parameter(
      name, shape: shape, initializer: weightInitializer, fans: fans, regularizer: weightRegularizer,
      constraint: weightConstraint)
  }

  /// Declares the parameter `bias`, if there is one.
  func declareBias(in builder: inout ParameterBuilder, count: Int) throws {
    if bias { try builder.parameter("bias", shape: [count], initializer: biasInitializer) }
  }
}
