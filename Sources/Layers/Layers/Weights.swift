import AviaryCore
import AviaryRegistry

/// The weights W and the biases b of a layer: how they begin, and what they are kept small by.
struct Weights: FieldGroup {
  @Field("Adds the trained vector b") var bias = true
  @Field(.initializer, "Draws the initial weights W") var weightInitializer: any Initializer = GlorotUniform()
  @Field(.initializer, "Draws the initial bias b") var biasInitializer: any Initializer = Zeros()
  @Field(.regularizer, "Penalty that is added to the loss for W") var weightRegularizer: (any Regularizer)?
  @Field(.constraint, "What is imposed on W after each update") var weightConstraint: (any Constraint)?

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

  /// Declares the parameters `weight` of a shape and `bias`, as many as the last axis is long unless given.
  func declare(in builder: inout ParameterBuilder, shape: Shape, fans: Fans? = nil, biases: Int? = nil) throws {
    try declareWeight("weight", in: &builder, shape: shape, fans: fans)
    try declareBias(in: &builder, count: biases ?? shape[-1])
  }

  /// Declares weights of a name.
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
