import AviaryCore
import AviaryData
import AviaryLayers
import AviaryRegistry
import AviaryTestSupport
import AviaryTraining
import AviaryZoo
import Testing

@Suite struct AdalineTests {
  @Test func theRuleByHand() throws {
    // AND from zero, η = 0.5, targets −1, −1, −1, 1; z is the sum before the step.
    // (0, 0): z = 0, t − z = −1: b = −0.5.           (0, 1): z = −0.5, −0.5: w = (0, −0.25), b = −0.75.
    // (1, 0): z = −0.75, −0.25: w = (−0.125, −0.25), b = −0.875.
    // (1, 1): z = −1.25, 2.25: w = (1, 0.875), b = 0.25.
    let model = try ZooTests.run("adaline-and", "epochs=1", "optimizer.learningRate=0.5").model
    #expect(model.parameters["0.dense.weight"] == Tensor([1, 0.875] as [Float], shape: [2, 1]))
    #expect(model.parameters["0.dense.bias"] == Tensor([0.25] as [Float]))
    // All four at once: the mean of (t − z)·x is (0, 0), (0, −1), (−1, 0), (1, 1) over 4, that of t − z is −2 over 4.
    let batch = try ZooTests.run("adaline-and", "epochs=1", "optimizer.learningRate=0.5", "batchSize=4").model
    #expect(batch.parameters["0.dense.weight"] == Tensor([0, 0] as [Float], shape: [2, 1]))
    #expect(batch.parameters["0.dense.bias"] == Tensor([-0.25] as [Float]))
  }

  /// With small steps it settles at least squares toward −1 and 1: of AND w = (1, 1), b = −1.5.
  @Test func itSettlesAtLeastSquares() throws {
    let model = try ZooTests.run(
      "adaline-and", "precision=float64", "batchSize=4", "optimizer.learningRate=0.5", "epochs=1000"
    ).model
    #expect(mismatch(model.parameters.trainable, Tensor([1, 1, -1.5]), tolerance: 1e-12) == nil)
    let result = try ZooTests.run("adaline-and", "batchSize=4", "optimizer.learningRate=0.5", "epochs=1000")
    // z = −1.5, −0.5, −0.5, 0.5: each is ½ from its target, ½ · ¼.
    #expect(abs((result.scores["test"]?.values["loss"] ?? 0) - 0.125) < 1e-5)
  }

  @Test(arguments: ["adaline-and", "adaline-or"]) func learns(_ name: String) throws {
    #expect(try ZooTests.run(name).scores["test"]?.values["accuracy"] == 1)
  }

  @Test func cloudsAndDigits() throws {
    let clouds = try #require(try ZooTests.run("two-class-adaline").scores["test"]?.values["accuracy"])
    #expect((0.84...0.95).contains(clouds))
    let digits = try #require(try ZooTests.run("digits-adaline", "epochs=10").scores["test"]?.values["accuracy"])
    #expect(digits > 0.88)
  }

  /// The rule's gradient is the derivative of its objective; several units, each toward 1 for its own class.
  @Test func theGradientIsTheObjectives() throws {
    let objective = try #require(Registries.standard.make(.objective, "widrow-hoff-rule") as? any GradientObjective)
    var model = try Registries.standard.make(.model, "adaline", ["weightInitializer": "glorot-uniform"])
      .built(for: [3], classes: 4, dtype: .float64, seed: 2)
    let trained = try TrainedParameters(model, matching: ["*"])
    let inputs = RandomSource(seed: 3).normal([5, 3], dtype: .float64)
    let batch = Batch(inputs: inputs, targets: Tensor([0, 3, 1, 1, 2]), rows: Array(0..<5))
    var memory = ObjectiveState()
    let found = try objective.step(model, trained, batch, Context(.training), &memory)
    let start = model.parameters.trainable
    for element in 0..<start.elementCount {
      let values = try [1e-5, -1e-5].map { change in
        model.parameters.trainable =
          start + Tensor([element]).oneHot(classes: start.elementCount, dtype: .float64).flattened() * change
        return try objective.assess(model, batch).loss
      }
      #expect(abs((values[0] - values[1]) / 2e-5 - found.gradient.scalar(at: element)) < 1e-9)
    }
  }

  @Test func itRefusesWhatItCannotDo() throws {
    #expect(throws: ModelError.self) { try ZooTests.run("mlp-xor", "objective=widrow-hoff-rule") }
    #expect(throws: LossError.self) { try ZooTests.run("line-gradient", "objective=widrow-hoff-rule") }
    let objective = try Registries.standard.make(.objective, "widrow-hoff-rule")
    let model = try Registries.standard.make(.model, "adaline").built(for: [2], classes: 3, seed: 1)
    let inputs = Tensor.zeros([2, 2])
    for labels in [[0, 3], [-1, 0]] {
      let batch = Batch(inputs: inputs, targets: Tensor(labels), rows: [0, 1])
      #expect(throws: LossError.self) { try objective.assess(model, batch) }
    }
  }
}
