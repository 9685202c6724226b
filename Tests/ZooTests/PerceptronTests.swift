import AviaryCore
import AviaryLayers
import AviaryRegistry
import AviaryTraining
import AviaryZoo
import Testing

@Suite struct PerceptronTests {
  private let gates = Tensor([0, 0, 0, 1, 1, 0, 1, 1] as [Float], shape: [4, 2])

  private func numbers(_ tensor: Tensor) -> [Float] { tensor.flattened().scalars(as: Float.self) }

  @Test func theRuleByHand() throws {
    // (0, 0) fires at 0 and must not: b = −1. The next two are right. (1, 1) must fire: w = (1, 1), b = 0.
    let first = try ZooTests.run("perceptron-and", "epochs=1").model
    #expect(numbers(first.parameters["0.dense.weight"]) == [1, 1] && numbers(first.parameters["0.dense.bias"]) == [0])
    // (0, 0): b = −1; (0, 1): w = (0, 0), b = −2 … where two rows of a batch are wrong, the mean moves.
    let batch = try ZooTests.run("perceptron-and", "epochs=1", "batchSize=4").model
    #expect(numbers(batch.parameters["0.dense.weight"]) == [-0.25, -0.25])
    #expect(numbers(batch.parameters["0.dense.bias"]) == [-0.75])
  }

  @Test(arguments: [("perceptron-and", [0, 0, 0, 1]), ("perceptron-or", [0, 1, 1, 1])] as [(String, [Float])])
  func learns(_ name: String, _ outputs: [Float]) throws {
    let result = try ZooTests.run(name)
    #expect(result.scores["test"]?.values == ["loss": 0, "accuracy": 1])
    #expect(numbers(result.model(gates)) == outputs)
  }

  /// No plane separates XOR: at any time, at most three of four points are right, however long it is trained.
  @Test(arguments: [1, 2, 3, 10, 100, 1001]) func cannotLearnXor(_ epochs: Int) throws {
    let accuracy = try #require(
      try ZooTests.run("perceptron-xor", "epochs=\(epochs)").scores["test"]?.values["accuracy"])
    #expect(accuracy <= 0.75)
  }

  @Test func twoPerceptronsComposeXor() throws {
    let and = try ZooTests.run("perceptron-and").model
    let definition = try Registries.standard.make(.model, "perceptron")
    var second = try definition.built(for: [3], classes: 2, seed: 1)
    second.parameters["0.dense.weight"] = Tensor([1, 1, -2] as [Float], shape: [3, 1])
    second.parameters["0.dense.bias"] = Tensor([-0.5] as [Float], shape: [1])
    let outputs = second(Tensor.concatenate([gates, and(gates)], axis: 1))
    #expect(numbers(outputs) == [0, 1, 1, 0])
  }

  @Test(arguments: ["mlp-xor", "network-xor"]) func aHiddenLayerLearnsXor(_ name: String) throws {
    for seed in 1...3 { #expect(try ZooTests.run(name, "seed=\(seed)").scores["test"]?.values["accuracy"] == 1) }
  }

  @Test func xorCanBeComposedByHand() throws {
    let run = try ZooTests.run("xor-by-hand")
    #expect(run.scores["test"]?.values["accuracy"] == 1 && run.history.isEmpty)
  }

  /// The clouds overlap: nothing classifies more than about 90 % of them, and a line nearly that.
  @Test func aLinePartsTwoClouds() throws {
    let accuracy = try #require(try ZooTests.run("two-class-logistic", "epochs=50").scores["test"]?.values["accuracy"])
    #expect((0.84...0.95).contains(accuracy))
  }

  @Test func itRefusesWhatItCannotDo() throws {
    let definition = try Registries.standard.make(.model, "perceptron")
    #expect(throws: ModelError.self) { try definition.built(for: [2], classes: 3, seed: 1) }
    #expect(throws: ModelError.self) { try ZooTests.run("mlp-xor", "objective=perceptron-rule") }
    #expect(throws: ModelError.self) { try ZooTests.run("two-class-logistic", "model=cnn") }
    #expect(throws: ConfigurationError.self) { try ZooTests.run("perceptron-and", "optimizer=line-search") }
  }
}
