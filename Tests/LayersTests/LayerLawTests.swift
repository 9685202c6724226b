import AviaryAutograd
import AviaryCore
import AviaryLayers
import AviaryRegistry
import AviaryTestSupport
import Testing

/// Every registered layer obeys the laws, with its defaults or its example and in other configurations.
struct LayerLawTests {
  @Test(arguments: registries.entries(of: .layer).map(\.name))
  func everyLayer(_ name: String) throws {
    let entry = try registries.entry(of: .layer, named: name)
    let required = entry.required.map { ($0, entry.defaults[$0] ?? .null) }
    var configuration = ConfigurationObject()
    for (key, value) in required { configuration[key] = value }
    let specification = Specification(name, configuration)
    // Layers that take several inputs are tested in a graph.
    if let combining = try registries.make(.layer, specification) as? any CombiningLayer,
      !combining.combines.contains(1)
    {
      return
    }
    let violations = try checkLayer(
      specification, in: registries, isDifferentiable: name != "step",
      symbols: configuration["symbols"]?.integerValue)
    #expect(violations == [])
  }

  @Test(arguments: [
    Specification("dense", ["units": 4, "activation": "sigmoid", "bias": false]),
    Specification("dense", ["units": 3, "activation": "softmax"]),
    Specification("dense", ["units": 3, "activation": ["name": "leaky-relu", "slope": 0.3]]),
    Specification("conv2d", ["filters": 2, "window": [2, 3], "padding": "same", "strides": 2, "activation": "tanh"]),
    Specification("conv2d", ["filters": 3, "window": 2, "dilation": 2, "bias": false]),
    Specification("conv2d", ["filters": 2, "window": [3, 1], "strides": [1, 2], "activation": "softmax"]),
    Specification("max-pool2d", ["window": 3, "strides": [2, 1], "padding": "same"]),
    Specification("average-pool2d", ["window": [2, 3], "strides": 1, "padding": "same"]),
    Specification("dropout", ["rate": 0.2]),
    Specification("dropout", ["rate": 0.3, "scale": 1]),
    Specification("masking-noise", ["rate": 0.6]),
    Specification("spatial-dropout", ["rate": 0.4]),
    Specification("alpha-dropout", ["rate": 0.4]),
    Specification("drop-connect", ["units": 6, "masks": "example", "activation": "tanh"]),
    Specification("drop-connect", ["units": 6, "rate": 0.1, "inference": "gaussian", "activation": "relu"]),
    Specification("drop-connect", ["units": 6, "rate": 0, "inference": "gaussian", "bias": false]),
    Specification("standout", ["units": 6, "alpha": 0.5, "beta": 1, "activation": "sigmoid"]),
    Specification(
      "residual", ["layers": [["name": "dense", "units": 3], "relu"], "shortcut": [["name": "dense", "units": 3]]]),
    Specification("residual", ["layers": ["batch-norm", "tanh", ["name": "dropout", "rate": 0.3]]]),
    Specification(
      "concatenate",
      [
        "branches": [
          ["flatten"], [["name": "dense", "units": 2], "sigmoid"], [["name": "maxout", "units": 2, "pieces": 2]],
        ]
      ]),
    Specification("salt-and-pepper-noise", ["rate": 0.5, "low": -1]),
    Specification("attention", ["heads": 3, "headWidth": 2, "width": 5]),
    Specification("attention", ["causal": true, "bias": false]),
    Specification("transformer-block", ["heads": 3, "causal": true, "hidden": 5, "dropout": 0.3]),
    Specification("transformer-block", ["normalizesFirst": false, "activation": "relu"]),
    Specification("positional-encoding", ["form": "learned", "scale": 2]),
    Specification(
      "graph",
      [
        "nodes": [
          ["id": "sum", "layers": ["add"], "of": ["left", "right"]],
          [
            "id": "left", "layers": [["name": "conv1d", "filters": 3, "window": 3, "padding": "causal"]],
            "of": ["input"],
          ],
          ["id": "right", "layers": ["tanh"], "of": ["input"]],
          ["id": "both", "layers": ["concatenate", ["name": "gru", "units": 2]], "of": ["sum", "input", "right"]],
        ], "output": "both",
      ]),
    Specification("maxout", ["units": 3, "pieces": 4, "bias": false]),
    Specification("maxout-conv2d", ["channels": 2, "pieces": 3, "window": [2, 1], "strides": 2, "padding": "same"]),
    Specification("conv2d", ["filters": 2, "window": 3, "padding": [2, 1], "strides": [1, 2]]),
    Specification("conv2d", ["filters": 2, "window": 3, "padding": "cover", "strides": 2]),
    Specification("max-pool2d", ["window": 3, "strides": 2, "padding": "cover"]),
    Specification("average-pool2d", ["window": 3, "strides": 2, "padding": 1]),
    Specification("batch-norm", ["epsilon": 0.1, "momentum": 0]),
    Specification("reshape", ["shape": [2, -1]]),
    Specification("rnn", ["units": 3, "activation": "relu", "outputs": "all", "recurrentDropout": 0.4]),
    Specification("lstm", ["units": 3, "peepholes": true, "direction": "both", "recurrentDropout": 0.4]),
    Specification("gru", ["units": 5, "direction": "backward", "bias": false, "recurrentDropout": 0.3]),
    Specification("autoencoder", ["units": 3, "tied": false, "activation": "tanh"]),
    Specification("autoencoder", ["units": 4, "activation": "softmax", "outputActivation": "sigmoid"]),
    Specification("leaky-relu", ["slope": 0.5]),
    Specification("prelu", ["shared": true, "initial": -0.5]),
    Specification("glu", ["gate": "softmax"]),
    Specification("dense", ["units": 3, "activation": "sparsemax"]),
    Specification("elu", ["alpha": 0.3]),
    Specification("dense", ["units": 3, "activation": "gelu"]),
    Specification(
      "sequential",
      [
        "layers": [
          ["name": "dense", "units": 4], "tanh", ["name": "dropout", "rate": 0.5],
          ["name": "sequential", "layers": [["name": "dense", "units": 3], "batch-norm"]],
        ]
      ]),
  ])
  func furtherConfigurations(_ specification: Specification) throws {
    #expect(try checkLayer(specification, in: registries) == [])
  }

  @Test(arguments: registries.entries)
  func everyEntryIsRegistrable(_ entry: Entry) {
    let kinds = ["activation", "loss", "regularizer", "constraint", "initializer"]
    #expect(checkRegistrable(entry, in: registries, requiresFormula: kinds.contains(entry.kind)) == [])
  }

  /// The checker itself: layers that break a law are detected.
  @Test(arguments: [
    (Careless.Fault.shape, "declared is"), (.batch, "depends on the others"), (.unused, "gets no derivative"),
    (.random, "depends on the random source"), (.derivative, "the derivative by 'input'"), (.state, "changes state"),
  ])
  func theCheckerFindsWhatIsBroken(_ fault: Careless.Fault, _ message: String) throws {
    var own = registries
    try own.register(Careless.self)
    let violations = try checkLayer(
      Specification("careless", ["fault": .string(fault.rawValue)]), in: own, inputs: [[4]])
    #expect(violations.contains { $0.contains(message) }, "\(violations)")
  }
}

/// A layer with a fault.
struct Careless: Layer, Registrable {
  enum Fault: String, CaseIterable, FieldValue { case shape, batch, unused, random, derivative, state }

  static let name = "careless"
  static let card = Card("A layer with a fault.")

  @Field("Which law it breaks") var fault = Fault.shape

  func declare(in builder: inout ParameterBuilder, input: Shape) throws -> Shape {
    try builder.parameter("factor", shape: [], initializer: Constant(1))
    try builder.state("count", initial: Tensor.zeros([]))
    return fault == .shape ? [input.elementCount + 1] : input
  }

  func callAsFunction(_ input: Variable, _ parameters: Parameters, _ context: inout Context) -> Variable {
    let factor = parameters["factor"]
    switch fault {
    case .shape: return input * factor
    case .batch: return input * factor + input.sum()
    case .unused: return input * factor.detached()
    case .random:
      return input * factor + Variable(context.random(for: parameters).normal(input.shape, dtype: input.dtype))
    case .derivative: return input.detached() * factor
    case .state:
      context.update("count", of: parameters, to: parameters["count"].value + 1)
      return input * factor
    }
  }
}
