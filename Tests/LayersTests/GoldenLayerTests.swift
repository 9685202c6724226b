import AviaryAutograd
import AviaryCore
import AviaryLayers
import AviaryRegistry
import AviaryTestSupport
import Testing

/// Layers and networks against PyTorch in float64: outputs, derivatives, running statistics.
struct GoldenLayerTests {
  static let document = Result { try GoldenDocument("layers") }

  static func cases(_ kinds: String...) -> [GoldenCase] {
    ((try? document.get())?.cases ?? []).filter { kinds.contains($0.value["kind"]?.stringValue ?? "") }
  }

  static let layers = cases("dense", "conv2d", "maxPool2d", "flatten", "batchNorm")
  static let networks = cases("network")
  static let statistics = cases("batchNormStatistics")

  @Test func theDocumentHoldsWhatIsTested() {
    #expect(Self.layers.count == 19)
    #expect(Self.networks.count == 2)
    #expect(Self.statistics.count == 2)
  }

  @Test(arguments: layers) func agrees(_ stored: GoldenCase) throws {
    let input = try stored.tensor("input")
    var model = try Model(
      layer(stored), in: registries, input: input.shape.removing(axis: 0), dtype: .float64, seed: 1)
    var parameters = try tensors(stored, "parameters")
    let state = model.parameters.namedValues.filter { !$0.name.contains("scale") && !$0.name.contains("shift") }
      .filter { $0.name.hasPrefix("running") }
    for (name, value) in state where parameters[name] == nil { parameters[name] = value }
    try model.parameters.load(parameters)
    let found = try derivatives(of: model, at: input, cotangent: stored.tensor("cotangent"))
    #expect(mismatch(found.output, try stored.tensor("output")) == nil)
    #expect(mismatch(found.input, try stored.tensor("inputGradient")) == nil)
    let gradients = try tensors(stored, "parameterGradients")
    for (entry, gradient) in zip(model.parameters.entries.filter(\.isTrainable), found.parameters) {
      let expected = try #require(gradients[entry.name])
      #expect(mismatch(gradient, expected) == nil, "\(entry.name)")
    }
    #expect(gradients.count == found.parameters.count)
  }

  @Test(arguments: networks) func networksAgree(_ stored: GoldenCase) throws {
    let isConvolutional = stored.name == "network/cnn"
    let network = Sequential {
      if isConvolutional {
        Conv2D(2, window: 3, padding: .same)
        Relu()
        MaxPool2D()
        Dense(4, activation: Relu())
        Dense(3)
      } else {
        Dense(4, activation: Sigmoid())
        Dense(3, activation: Sigmoid())
        Dense(5)
      }
    }
    let input = try stored.tensor("input")
    var model = try Model(network, input: input.shape.removing(axis: 0), dtype: .float64, seed: 1)
    try model.parameters.load(tensors(stored, "parameters"))
    let variables = model.parameters.variables { _ in true }
    var context = Context(.training)
    let output = model.forward(Variable(input), variables, &context)
    let loss = try SoftmaxCrossEntropy()(output, Variable(stored.tensor("target"))).mean()
    #expect(mismatch(output.value, try stored.tensor("output")) == nil)
    #expect(abs(loss.value.item() - (try stored.number("value"))) < 1e-12)
    let gradients = try tensors(stored, "parameterGradients")
    for (entry, found) in zip(model.parameters.entries, try loss.gradients(withRespectTo: variables)) {
      #expect(mismatch(found.value, try #require(gradients[entry.name])) == nil, "\(entry.name)")
    }
  }

  @Test(arguments: statistics) func runningStatisticsAgree(_ stored: GoldenCase) throws {
    func tensor(_ object: ConfigurationValue, _ key: String) throws -> Tensor {
      try GoldenCase.tensor(try #require(object[key]))
    }
    let steps = try #require(try stored.field("training").arrayValue)
    let input = try tensor(try #require(steps.first), "input").shape.removing(axis: 0)
    var model = try Model(BatchNorm(), input: input, dtype: .float64, seed: 1)
    for (name, value) in try tensors(stored, "parameters") { model.parameters[name] = value }
    for step in steps {
      var context = Context(.training)
      let variables = model.parameters.variables { _ in false }
      let output = model.forward(Variable(try tensor(step, "input")), variables, &context)
      #expect(mismatch(output.value, try tensor(step, "output")) == nil)
      model.parameters.apply(context.stateUpdates)
      #expect(mismatch(model.parameters["runningMean"], try tensor(step, "runningMean")) == nil)
      #expect(mismatch(model.parameters["runningVariance"], try tensor(step, "runningVariance")) == nil)
    }
    let last = try stored.field("inference")
    #expect(mismatch(model(try tensor(last, "input")), try tensor(last, "output")) == nil)
  }

  private func tensors(_ stored: GoldenCase, _ key: String) throws -> NamedTensors {
    var result: NamedTensors = [:]
    for (name, value) in try #require(try stored.field(key).objectValue) { result[name] = try GoldenCase.tensor(value) }
    return result
  }

  /// The layer of a case, with this module's names.
  private func layer(_ stored: GoldenCase) throws -> Specification {
    let names = [
      "conv2d": "conv2d", "dense": "dense", "maxPool2d": "max-pool2d", "flatten": "flatten", "batchNorm": "batch-norm",
    ]
    let keys = ["kernelSize": "window", "usesBias": "bias"]
    var configuration = ConfigurationObject()
    for (key, value) in try #require(try stored.field("configuration").objectValue) {
      var value = value
      if value["name"] == "leakyRelu" { value["name"] = "leaky-relu" }
      configuration[keys[key] ?? key] = value
    }
    return Specification(try #require(names[stored.field("kind").stringValue ?? ""]), configuration)
  }
}
