import AviaryAutograd
import AviaryCore
import AviaryLayers
import AviaryRegistry
import Testing

/// Lists of layers: names, fusion, nesting, errors.
struct SequentialTests {
  @Test func namesArePlacesAndLabels() throws {
    let model = try Model(
      Sequential {
        Conv2D(4, window: 3, padding: .same)
        Relu()
        MaxPool2D()
        Dropout()
        Dense(5)
        BatchNorm()
      }, input: .image(6, 6, 1), seed: 1)
    #expect(
      model.parameters.entries.map(\.name) == [
        "0.conv2d.weight", "0.conv2d.bias", "4.dense.weight", "4.dense.bias", "5.batch-norm.scale",
        "5.batch-norm.shift",
        "5.batch-norm.runningMean", "5.batch-norm.runningVariance",
      ])
    #expect(model.parameters.entries.map(\.shape)[0...2] == [[3, 3, 1, 4], [4], [36, 5]])
    #expect(model.outputShape == [5])
  }

  @Test func aListAndABuilderAgree() throws {
    let listed = try Sequential(
      from: [Specification("conv2d", ["filters": 2, "window": 3]), "relu", Specification("dense", ["units": 3])],
      in: registries)
    let written = Sequential {
      Conv2D(2, window: 3)
      Relu()
      Dense(3)
    }
    let (a, b) = (
      try Model(listed, input: .image(5, 5, 1), seed: 4), try Model(written, input: .image(5, 5, 1), seed: 4)
    )
    #expect(a.parameters.entries.map(\.name) == b.parameters.entries.map(\.name))
    let x = normal([3, 5, 5, 1], 1, dtype: .float32)
    #expect(a(x).isIdentical(to: b(x)))
  }

  @Test func theBuilderTakesConditionsAndLoops() {
    let (deep, width) = (true, 3)
    let network = Sequential {
      for units in 1...width { Dense(units) }
      if deep { Tanh() } else { Flatten() }
      if !deep { Dropout() }
      [Dense(2), Dense(1)]
    }
    #expect(network.layers.map(\.label) == ["dense", "dense", "dense", "tanh", "dense", "dense"])
  }

  /// An activation after a layer and the same one inside it: the same bits, the same derivatives, the same names.
  @Test(arguments: ["relu", "sigmoid", "tanh", "leaky-relu", "softmax", "identity"], [true, false])
  func fusionChangesNothing(_ name: String, _ bias: Bool) throws {
    let activation = try registries.make(.activation, name)
    let apart = Sequential {
      Conv2D(3, window: 2, bias: bias)
      activation
      Dense(4, bias: bias)
      activation
    }
    let inside = Sequential {
      Conv2D(3, window: 2, activation: activation, bias: bias)
      Dense(4, activation: activation, bias: bias)
    }
    let (a, b) = (
      try Model(apart, input: [4, 4, 2], dtype: .float64, seed: 1),
      try Model(inside, input: [4, 4, 2], dtype: .float64, seed: 1)
    )
    #expect(a.parameters.entries.map(\.name).first == "0.conv2d.weight")
    #expect(a.parameters.entries.map(\.name).contains("2.dense.weight"))
    var twin = b
    twin.parameters.trainable = a.parameters.trainable
    let (x, cotangent) = (normal([3, 4, 4, 2], 1), normal([3, 4], 2))
    let (left, right) = (
      try derivatives(of: a, at: x, cotangent: cotangent), try derivatives(of: twin, at: x, cotangent: cotangent)
    )
    #expect(left.output.isIdentical(to: right.output))
    #expect(left.input.isIdentical(to: right.input))
    #expect(zip(left.parameters, right.parameters).allSatisfy { $0.isIdentical(to: $1) })
  }

  /// The fused pass against separate product, sum and activation.
  @Test(arguments: ["relu", "sigmoid", "tanh", "leaky-relu"])
  func fusedAgreesWithItsParts(_ name: String) throws {
    let activation = try registries.make(.activation, name)
    let model = try Model(Dense(4, activation: activation), input: [6], dtype: .float64, seed: 1)
    let (x, cotangent) = (normal([5, 6], 1), normal([5, 4], 2))
    let found = try derivatives(of: model, at: x, cotangent: cotangent)
    let points = [x, model.parameters["weight"], model.parameters["bias"]].map { Variable(tracking: $0) }
    let output = activation(points[0].matmul(points[1]) + points[2])
    let expected = try output.gradients(withRespectTo: points, cotangent: Variable(cotangent))
    #expect(distance(found.output, output.value) < 1e-14)
    for (a, b) in zip([found.input] + found.parameters, expected) { #expect(distance(a, b.value) < 1e-14) }
  }

  @Test func onlyNeighborsAreFused() throws {
    let network = Sequential {
      Dense(3, activation: Sigmoid())
      Relu()
      Flatten()
      Tanh()
    }
    let model = try Model(network, input: [2], dtype: .float64, seed: 1)
    let x = normal([4, 2], 1)
    let (w, b) = (model.parameters["0.dense.weight"], model.parameters["0.dense.bias"])
    #expect(distance(model(x), (x.matmul(w) + b).sigmoid().relu().tanh()) < 1e-14)
  }

  @Test func listsNest() throws {
    let specification = try Specification(
      ConfigurationValue(
        parsing: """
          {"name": "sequential", "layers": [
            {"name": "sequential", "layers": [{"name": "dense", "units": 4}, "tanh"]},
            {"name": "dense", "units": 2}]}
          """))
    let model = try Model(specification, in: registries, input: [3], seed: 1)
    #expect(
      model.parameters.entries.map(\.name) == [
        "0.sequential.0.dense.weight", "0.sequential.0.dense.bias", "1.dense.weight", "1.dense.bias",
      ])
    let resolved = try registries.resolved(.layer, specification)
    let units = resolved.value["layers"]?[0]?["layers"]?[0]?["units"]
    #expect(units == 4)
    #expect(resolved.value["layers"]?[1]?["weightInitializer"] != nil)
  }

  @Test(arguments: [
    (#"{"name": "sequential", "layers": ["flatten", {"name": "dense", "units": 0}]}"#, "layers.1.units"),
    (#"{"name": "sequential", "layers": ["flatten", {"name": "dense", "unit": 3}]}"#, "layers.1.unit"),
    (#"{"name": "sequential", "layers": ["flattn"]}"#, "layers.0"),
    (#"{"name": "sequential", "layers": []}"#, "layers"),
    (#"{"name": "sequential", "layers": [{"name": "sequential", "layers": ["relu", "rellu"]}]}"#, "layers.0.layers.1"),
    (#"{"name": "sequential", "layers": [{"name": "conv2d", "filters": 1, "window": [3]}]}"#, "layers.0.window"),
    (#"{"name": "sequential", "layers": [{"name": "conv2d", "filters": 1, "window": 0}]}"#, "layers.0.window"),
    (#"{"name": "sequential", "layers": [{"name": "dense", "units": 3, "activation": "rlu"}]}"#, "layers.0.activation"),
    (
      #"{"name": "sequential", "layers": [{"name": "dense", "units": 3, "weightRegularizer": {"name": "l2", "rate": -1}}]}"#,
      "layers.0.weightRegularizer.rate"
    ),
    (
      #"{"name": "sequential", "layers": [{"name": "dense", "units": 3, "tiedTo": "a", "weightConstraint": "unit-norm"}]}"#,
      "layers.0.weightConstraint"
    ),
    (#"{"name": "sequential", "layers": [{"name": "dropout", "rate": 1}]}"#, "layers.0.rate"),
    (#"{"name": "sequential", "layers": [{"name": "reshape", "shape": [-1, -1]}]}"#, "layers.0.shape"),
  ])
  func mistakesHaveTheirPath(_ json: String, _ path: String) throws {
    let specification = try Specification(ConfigurationValue(parsing: json))
    let error = #expect(throws: ConfigurationError.self) { try registries.make(.layer, specification) }
    #expect(error?.path.description == path, "\(error.map { "\($0)" } ?? "")")
  }

  @Test func mistakesInAListHaveTheirPath() {
    let error = #expect(throws: ConfigurationError.self) {
      try Sequential(from: ["flatten", "relu", Specification("dense", ["units": "many"])], in: registries)
    }
    #expect(error?.path.description == "layers.2.units")
  }

  @Test func thePrefixEndsBeforeAPlace() throws {
    let network = Sequential {
      Dense(4)
      Tanh()
      Dense(2)
    }
    let (whole, part) = (
      try Model(network, input: [3], seed: 1), try Model(network[0..<2], input: [3], seed: 1)
    )
    #expect(part.outputShape == [4])
    #expect(part.parameters["0.dense.weight"].isIdentical(to: whole.parameters["0.dense.weight"]))
  }
}
