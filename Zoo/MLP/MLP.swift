import AviaryCore
import AviaryData
import AviaryLayers
import AviaryRegistry
import AviaryTraining

/// A multilayer perceptron: dense layers with an activation between them, and one linear unit a class at the end.
public struct MLP: ModelDefinition, Registrable {
  /// The model's configuration.
  public struct Configuration: ConfigurationFields {
    /// The hidden layers' widths.
    public var units = [128]
    /// Between the layers.
    public var activation: Specification = "relu"
    /// The share of hidden units that dropout drops.
    public var dropout = 0.0
    /// The share of inputs that dropout drops.
    public var inputDropout = 0.0
    /// One for all layers or one for each, the last included.
    public var weightInitializers: [Specification] = ["glorot-uniform"]
    /// One for all layers or one for each, the last included.
    public var biasInitializers: [Specification] = ["zeros"]
    /// What is added to the loss for each layer's weights.
    public var weightRegularizer: Specification?
    /// What is imposed on the weights after each update: one for all layers or one for each, the last included.
    public var weightConstraints: [Specification] = []

    /// One hidden layer of 128 rectified units.
    public init() {}
  }

  /// `"mlp"`.
  public static let name = "mlp"
  /// What is worth knowing.
  public static let card = Card(
    "A multilayer perceptron: dense layers with an activation between them.",
    formula: "h₁ = f(x·W₁ + b₁), …, p = softmax(hₖ·W + b)",
    fields: [
      "units": "The hidden layers' widths, each at least 1; none makes it linear.",
      "activation": "The function f between the layers.",
      "dropout": "The share of hidden units that dropout drops while training, in [0, 1).",
      "inputDropout": "The share of inputs that dropout drops while training, in [0, 1).",
      "weightInitializers": "Draws the initial weights: one for all layers or one for each, the last included.",
      "biasInitializers": "Draws the initial biases: one for all layers or one for each, the last included.",
      "weightRegularizer": "What is added to the loss for each layer's weights; nothing unless given.",
      "weightConstraints":
        "What is imposed on the weights after each update: none, one for all layers or one for each, the last included.",
    ],
    references: ["Rumelhart, Hinton, Williams: Learning representations by back-propagating errors (1986)"],
    tags: ["classifier"])

  let units: [Int]
  let activation: any Activation
  let dropout: Double
  let inputDropout: Double
  let templates: [DenseTemplate]

  /// Checks the configuration and makes what it names.
  public init(_ configuration: Configuration, in registries: Registries) throws {
    units = try Check.widths(configuration.units, "units")
    activation = try registries.make(.activation, configuration.activation)
    dropout = try Check.value(configuration.dropout, in: 0..<1, "dropout")
    inputDropout = try Check.value(configuration.inputDropout, in: 0..<1, "inputDropout")
    let layers = units.count + 1
    let weights = try registries.perLayer(
      .initializer, configuration.weightInitializers, count: layers, "weightInitializers")
    let biases = try registries.perLayer(
      .initializer, configuration.biasInitializers, count: layers, "biasInitializers")
    let regularizer = try configuration.weightRegularizer.map { try registries.make(.regularizer, $0) }
    let constraints =
      configuration.weightConstraints.isEmpty
      ? [] : try registries.perLayer(.constraint, configuration.weightConstraints, count: layers, "weightConstraints")
    templates = zip(weights, biases).enumerated().map { place, initializers in
      DenseTemplate(
        weight: initializers.0, bias: initializers.1, regularizer: regularizer,
        constraint: constraints.isEmpty ? nil : constraints[place])
    }
  }

  /// Labels: it tells classes apart.
  public var targetKind: TargetKind { .labels }

  /// Dense layers and dropout.
  public func network(for task: LearningTask) throws -> any Layer {
    let classes = try task.classCount(of: Self.name)
    return Sequential {
      if inputDropout > 0 { Dropout(inputDropout) }
      for (width, template) in zip(units, templates) {
        template.layer(width, activation: activation)
        if dropout > 0 { Dropout(dropout) }
      }
      templates[units.count].layer(classes)
    }
  }
}
