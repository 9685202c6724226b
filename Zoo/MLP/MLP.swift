import AviaryCore
import AviaryData
import AviaryLayers
import AviaryRegistry
import AviaryTraining

/// A multilayer perceptron: dense layers with activations in between, and one linear output per class.
public struct MLP: ModelDefinition, Registrable {
  public static let name = "mlp"
  public static let card = Card(
    "A multilayer perceptron: dense layers with activations in between.",
    formula: "h₁ = f(x·W₁ + b₁), …, p = softmax(hₖ·W + b)",
    references: ["Rumelhart, Hinton, Williams: Learning representations by back-propagating errors (1986)"],
    tags: ["classifier"])

  @Field("Widths of the hidden layers; an empty list gives a linear model", .positive) var units = [128]
  @Field(.activation, "Activation f of the hidden layers") var activation: any Activation = Relu()
  @Field("Dropout rate of hidden units", .in(0..<1)) var dropout = 0.0
  @Field("Dropout rate of inputs", .in(0..<1)) var inputDropout = 0.0
  var initializers = LayerInitializers()
  @Field(.regularizer, "Penalty on each layer's weights") var weightRegularizer: (any Regularizer)?
  @Field(
    .constraint,
    "Constraints on the weights after each update: none, one for all layers, or one for each including the last")
  var weightConstraints: [any Constraint] = []

  public init() {}

  /// Throws `ConfigurationError` for values out of range.
  public init(
    units: [Int] = [128], activation: any Activation = Relu(), dropout: Double = 0, inputDropout: Double = 0,
    weightInitializers: [any Initializer] = [GlorotUniform()], biasInitializers: [any Initializer] = [Zeros()],
    weightRegularizer: (any Regularizer)? = nil, weightConstraints: [any Constraint] = []
  ) throws {
    self.units = units
    self.activation = activation
    self.dropout = dropout
    self.inputDropout = inputDropout
    initializers.weightInitializers = weightInitializers
    initializers.biasInitializers = biasInitializers
    self.weightRegularizer = weightRegularizer
    self.weightConstraints = weightConstraints
    self = try checked()
  }

  public func validate() throws {
    let layers = units.count + 1
    try initializers.check(layers: layers)
    if weightConstraints.isEmpty { return }
    try Check.perLayer(weightConstraints, "constraint", count: layers, "weightConstraints")
  }

  public var targetKind: TargetKind { .labels }

  public func network(for task: LearningTask) throws -> any Layer {
    let classes = try task.classCount(of: Self.name)
    return Sequential {
      if inputDropout > 0 { Dropout(inputDropout) }
      for (place, width) in units.enumerated() {
        dense(place, width, activation: activation)
        if dropout > 0 { Dropout(dropout) }
      }
      dense(units.count, classes)
    }
  }

  private func dense(_ place: Int, _ width: Int, activation: any Activation = Identity()) -> Dense {
    Dense(
      width, activation: activation, weightInitializer: initializers.weightInitializers.ofLayer(place),
      biasInitializer: initializers.biasInitializers.ofLayer(place), weightRegularizer: weightRegularizer,
      weightConstraint: weightConstraints.isEmpty ? nil : weightConstraints.ofLayer(place))
  }
}
