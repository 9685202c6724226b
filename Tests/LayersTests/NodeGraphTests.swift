import AviaryAutograd
import AviaryCore
import AviaryLayers
import AviaryRegistry
import Testing

/// Graphs of named nodes, several inputs, and sequences in pieces.
struct NodeGraphTests {
  @Test func nodesMeetAndPart() throws {
    let graph = Graph(
      [
        Graph.Node("sum", of: ["left", "side", "input"]) {
          Add()
          Tanh()
        },
        Graph.Node("left", of: ["input"]) { Dense(3) },
        Graph.Node("product", of: ["sum", "left"]) { Multiply() },
        Graph.Node("both", of: ["product", "side"]) { Concatenate([]) },
      ], output: "both")
    let model = try Model(graph, input: [3], furtherInputs: ["side": InputShape([3])], dtype: .float64, seed: 1)
    #expect(
      model.outputShape == [6] && model.parameters.entries.map(\.name) == ["left.0.dense.weight", "left.0.dense.bias"])
    let (x, side) = (normal([4, 3], 1), normal([4, 3], 2))
    var context = Context(.inference)
    context.furtherInputs["side"] = Context.Input(side)
    let output = model.forward(Variable(x), model.parameters.variables { _ in false }, &context).value
    let left = x.matmul(model.parameters["left.0.dense.weight"])
    #expect(distance(output, Tensor.concatenate([(left + side + x).tanh() * left, side], axis: 1)) < 1e-14)
  }

  @Test func aQueryAttendsToAnotherSequence() throws {
    let graph = Graph([Graph.Node("context", of: ["input", "memory"]) { Attention(heads: 2) }])
    let model = try Model(
      graph, input: [3, 4], stepsVary: true, furtherInputs: ["memory": InputShape([5, 6], stepsVary: true)],
      dtype: .float64, seed: 1)
    func run(_ memory: Tensor) -> Tensor {
      var context = Context(.inference, lengths: [3, 2])
      context.furtherInputs["memory"] = Context.Input(memory, lengths: [4, 1])
      let output = model.forward(Variable(normal([2, 3, 4], 3)), model.parameters.variables { _ in false }, &context)
      #expect(context.lengths == [3, 2])
      return output.value
    }
    let memory = normal([2, 5, 6], 4)
    let filled = StepRows(lengths: [4, 1], steps: 5).filling(memory, with: 9)
    #expect(distance(run(memory), run(filled)) < 1e-14)
  }

  @Test(arguments: [
    (#"[{"id": "a", "of": ["b"]}, {"id": "b"}]"#, "nodes.0.of", "'a' → 'b' → 'a'"),
    (#"[{"id": "a"}, {"id": "a"}]"#, "nodes.1.id", "taken"), (#"[{"id": "input"}]"#, "nodes.0.id", "taken"),
    (#"[{"id": "a.b"}]"#, "nodes.0.id", "period"), ("[]", "nodes", ""),
    (#"[{"id": "a", "layers": ["rellu"]}]"#, "nodes.0.layers.0", "relu"),
  ])
  func mistakesHaveTheirPath(_ nodes: String, _ path: String, _ text: String) throws {
    let specification = try Specification(ConfigurationValue(parsing: #"{"name": "graph", "nodes": \#(nodes)}"#))
    let error = #expect(throws: ConfigurationError.self) { try registries.make(.layer, specification) }
    #expect(
      error?.path.description == path && "\(error.map { "\($0)" } ?? "")".contains(text),
      "\(error.map { "\($0)" } ?? "")")
  }

  @Test(arguments: [
    (#"[{"id": "a", "of": ["imput"]}]"#, "did you mean 'input'"),
    (
      #"[{"id": "a", "layers": [{"name": "dense", "units": 2}]}, {"id": "b", "layers": ["add"], "of": ["a", "input"]}]"#,
      "b.0.add"
    ),
    (#"[{"id": "b", "layers": ["relu"], "of": ["input", "input"]}]"#, "add, multiply, concatenate"),
  ])
  func whatDoesNotFitIsRefused(_ nodes: String, _ text: String) throws {
    let specification = try Specification(ConfigurationValue(parsing: #"{"name": "graph", "nodes": \#(nodes)}"#))
    let error = #expect(throws: LayerError.self) { try Model(specification, in: registries, input: [3], seed: 1) }
    #expect("\(error.map { "\($0)" } ?? "")".contains(text), "\(error.map { "\($0)" } ?? "")")
  }

  @Test(arguments: [
    #"[{"name": "gru", "units": 4, "outputs": "all"}]"#,
    #"[{"name": "lstm", "units": 4, "outputs": "all", "peepholes": true}, {"name": "rnn", "units": 3, "outputs": "all"}]"#,
    #"["positional-encoding", {"name": "transformer-block", "heads": 2, "causal": true}, "layer-norm"]"#,
    #"[{"name": "positional-encoding", "form": "learned"}, {"name": "attention", "causal": true}]"#,
  ])
  func piecesGiveWhatTheWholeGives(_ layers: String) throws {
    let specification = try Specification(ConfigurationValue(parsing: #"{"name": "sequential", "layers": \#(layers)}"#))
    let model = try Model(specification, in: registries, input: [7, 4], dtype: .float64, seed: 2)
    let x = normal([3, 7, 4], 5)
    var state = CarriedState()
    let pieces = try [0..<1, 1..<4, 4..<7].map { try model.continuing(x.slice(axis: 1, $0), &state) }
    #expect(distance(Tensor.concatenate(pieces, axis: 1), model(x)) < 1e-13)
  }

  @Test func layersThatCannotTellPaddingAreRefused() {
    let error = #expect(throws: LayerError.self) {
      try Model(Sequential { Dense(3) }, input: [5, 2], stepsVary: true, seed: 1)
    }
    #expect(error?.path == "0.dense" && error?.problem.contains("time-distributed") == true)
    #expect(throws: LayerError.self) { try Model(Add(), input: [3], seed: 1) }
  }
}
