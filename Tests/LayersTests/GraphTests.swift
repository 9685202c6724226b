import AviaryAutograd
import AviaryCore
import AviaryLayers
import AviaryRegistry
import Testing

/// Residual and Concatenate: names, nesting, errors.
struct GraphTests {
  @Test func namesArePlacesAndLabels() throws {
    let network = Sequential {
      Residual {
        Dense(4)
        Relu()
        Dense(3)
      } shortcut: {
        Dense(3, bias: false)
      }
      Concatenate([[], [Dense(2, bias: false)], [Flatten(), Residual { Dense(3, bias: false) }]])
    }
    let model = try Model(network, input: [5], seed: 1)
    #expect(
      model.parameters.entries.map(\.name) == [
        "0.residual.layers.0.dense.weight", "0.residual.layers.0.dense.bias", "0.residual.layers.2.dense.weight",
        "0.residual.layers.2.dense.bias", "0.residual.shortcut.0.dense.weight", "1.concatenate.1.0.dense.weight",
        "1.concatenate.2.1.residual.layers.0.dense.weight",
      ])
    #expect(model.outputShape == [8])
  }

  @Test func aRecipeDescribesAGraph() throws {
    let specification = try Specification(
      ConfigurationValue(
        parsing: """
          {"name": "sequential", "layers": [
            {"name": "residual", "layers": [{"name": "dense", "units": 4}, "relu", {"name": "dense", "units": 3}]},
            {"name": "concatenate", "branches": [["tanh"], [{"name": "dense", "units": 2}]]}]}
          """))
    let model = try Model(specification, in: registries, input: [3], dtype: .float64, seed: 1)
    let x = normal([4, 3], 1)
    let p = model.parameters
    let hidden = (x.matmul(p["0.residual.layers.0.dense.weight"]) + p["0.residual.layers.0.dense.bias"]).relu()
    let sum = hidden.matmul(p["0.residual.layers.2.dense.weight"]) + x
    let branch = sum.matmul(p["1.concatenate.1.0.dense.weight"])
    #expect(distance(model(x), Tensor.concatenate([sum.tanh(), branch], axis: 1)) < 1e-14)
    // Nested specifications are completed in place.
    let resolved = try registries.resolved(.layer, specification).value["layers"]
    #expect(resolved?[0]?["shortcut"] == [])
    #expect(resolved?[0]?["layers"]?[2]?["weightInitializer"] != nil)
    #expect(resolved?[1]?["branches"]?[1]?[0]?["weightInitializer"] != nil)
  }

  @Test(arguments: [
    (#"{"name": "residual", "layers": ["relu", "rlu"]}"#, "layers.1"),
    (#"{"name": "residual", "layers": ["relu"], "shortcut": [{"name": "dense", "units": 0}]}"#, "shortcut.0.units"),
    (#"{"name": "residual", "layers": []}"#, "layers"),
    (#"{"name": "concatenate", "branches": [[], ["relu", {"name": "dropout", "rate": 2}]]}"#, "branches.1.1.rate"),
  ])
  func mistakesHaveTheirPath(_ json: String, _ path: String) throws {
    let specification = try Specification(ConfigurationValue(parsing: json))
    let error = #expect(throws: ConfigurationError.self) { try registries.make(.layer, specification) }
    #expect(error?.path.description == path, "\(error.map { "\($0)" } ?? "")")
  }

  @Test func shapesThatDoNotFitAreRefused() throws {
    let sum = #expect(throws: LayerError.self) {
      try Model(Sequential { Residual { Dense(3) } }, input: [4], seed: 1)
    }
    #expect(sum?.path == "0.residual")
    #expect(sum?.problem.contains("its layers give [3], but its shortcut [4]") == true)
    let sides = #expect(throws: LayerError.self) {
      try Model(Concatenate([[], [MaxPool2D()]]), input: .image(4, 4, 1), seed: 1)
    }
    #expect(sides?.problem.contains("[4, 4, 1], [2, 2, 1]") == true)
  }

  /// Dropout inside a graph draws its own masks, and running statistics reach the store.
  @Test func randomnessAndStateReachTheLeaves() throws {
    let network = Concatenate([[Dropout()], [Dropout()], [BatchNorm()]])
    let model = try Model(network, input: [200], seed: 1)
    var context = Context(.training)
    let output = model.forward(
      Variable(Tensor.ones([10, 200])), model.parameters.variables { _ in false }, &context
    ).value
    #expect(!output.slice(axis: 1, 0..<200).isIdentical(to: output.slice(axis: 1, 200..<400)))
    #expect(context.stateUpdates.count == 2)
  }
}
