import AviaryCore
import AviaryData
import AviaryLayers
import AviaryRegistry
import AviaryTraining

/// A multilayer perceptron: dense layers with an activation between them, and one linear unit a class at the end.
public struct MLP: ModelDefinition, Registrable {
  public static let name = "mlp"
  public static let card = Card(
    "A multilayer perceptron: dense layers with an activation between them.",
    formula: "h₁ = f(x·W₁ + b₁), …, p = softmax(hₖ·W + b)",
    references: ["Rumelhart, Hinton, Williams: Learning representations by back-propagating errors (1986)"],
    tags: ["classifier"])

  @Field("Widths of the hidden layers; none makes it linear", .positive) var units = [128]
  @Field(.activation, "Function f between the layers") var activation: any Activation = Relu()
  @Field("Share of hidden units that dropout drops while training", .in(0..<1)) var dropout = 0.0
  @Field("Share of inputs that dropout drops while training", .in(0..<1)) var inputDropout = 0.0
  var initializers = LayerInitializers()
  @Field(.regularizer, "Penalty of each layer's weights") var weightRegularizer: (any Regularizer)?
  @Field(
    .constraint, "Bounds of the weights after each update: none, one for all layers or one for each, the last included")
  var weightConstraints: [any Constraint] = []

  public init() {}

  /// A multilayer perceptron. Throws `ConfigurationError` for values out of range.
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

  /// Labels: it tells classes apart.
  public var targetKind: TargetKind { .labels }

  /// Dense layers and dropout.
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
