import AviaryAutograd
import AviaryCore
import AviaryLayers
import Testing

/// Values that a layer cannot compute with are errors with the layer's path where inputs come from a file.
@Suite struct RefusedValueTests {
  private func problem(_ model: Model, _ input: Tensor) -> String? {
    do {
      _ = try model.checkedOutputs(of: input)
      return nil
    } catch { return "\(error)" }
  }

  @Test(arguments: [
    ([0.0, 3], "3.0"), ([-1, 0], "-1.0"), ([1.5, 0], "1.5"), ([0, .nan], "nan"), ([1048576, 0], "1048576.0"),
  ])
  func inputsThatAreNoSymbols(_ values: [Double], _ named: String) throws {
    let layers = Sequential {
      Embedding(symbols: 3, size: 2)
      Flatten()
      Dense(4)
    }
    let model = try Model(layers, input: [2], seed: 1)
    #expect(problem(model, Tensor([0, 2], shape: [1, 2])) == nil)
    let found = problem(model, Tensor(values, shape: [1, 2]).cast(to: .float32))
    #expect(
      found == "layer 0.embedding: it takes whole numbers from 0 to 2, but one of its inputs is \(named); raise "
        + "'symbols', or number the inputs' values from 0")
  }

  @Test func sequencesBeyondTheLearnedPositions() throws {
    let model = try Model(Sequential { PositionalEncoding(.learned) }, input: [3, 2], seed: 1)
    var state = CarriedState()
    _ = try model.continuing(Tensor.zeros([1, 3, 2]), &state)
    let error = #expect(throws: LayerError.self) { try model.continuing(Tensor.zeros([1, 1, 2]), &state) }
    #expect(error?.path == "0.positional-encoding" && error?.problem.contains("the sequence has 4") == true)
  }

  @Test func sequencesThatDoNotKeepStep() throws {
    let graph = Graph([
      Graph.Node("both", of: ["input", "other"]) { Concatenate([]) },
      Graph.Node("rest") { TimeDistributed { Dense(2) } },
    ])
    let model = try Model(
      graph, input: [4, 3], stepsVary: true, furtherInputs: ["other": InputShape([4, 2], stepsVary: true)], seed: 1)
    func outputs(_ lengths: [Int], _ others: [Int], steps: Int) throws -> Tensor {
      var context = Context(.inference, lengths: lengths)
      context.furtherInputs["other"] = Context.Input(Tensor.zeros([2, steps, 2]), lengths: others)
      let values = model.parameters.variables { _ in false }
      return try model.checkedForward(Variable(Tensor.zeros([2, 4, 3])), values, &context).value
    }
    #expect(try outputs([4, 2], [4, 2], steps: 4).shape == [2, 4, 2])
    for (others, steps) in [([4, 3], 4), ([3, 2], 3)] {
      let error = #expect(throws: LayerError.self) { try outputs([4, 2], others, steps: steps) }
      #expect(error?.path == "both" && error?.problem.contains("different lengths in the same row") == true)
    }
  }

  @Test func theFirstProblemIsKept() throws {
    let layers = Sequential {
      Embedding(symbols: 3, size: 2)
      Flatten()
      Embedding(symbols: 1, size: 2)
    }
    let found = problem(try Model(layers, input: [2], seed: 1), Tensor([0, 7], shape: [1, 2]).cast(to: .float32))
    #expect(found?.hasPrefix("layer 0.embedding") == true)
  }
}
