import AviaryCore
import AviaryData
import AviaryLayers
import AviaryTraining
import AviaryZoo
import Testing

@Suite struct RecurrentNetworkTests {
  @Test func forecastsAndClassifies() throws {
    let waves = try ZooTests.run("sine-waves-gru", "data.count=600", "epochs=6")
    let loss = try #require(waves.scores["test"]?.values["loss"])
    #expect(loss < 0.1, "a constant has 0.5")
    let digits = try ZooTests.run("digits-lstm", "epochs=4")
    #expect(try #require(digits.scores["test"]?.values["accuracy"]) > 0.85)
  }

  @Test func theAddingProblem() throws {
    let set = try AddingProblemData(steps: 9, count: 50, seed: 3).load()
    #expect(set.inputs.shape == [50, 9, 2])
    let (numbers, marks) = (set.inputs.slice(axis: 2, 0..<1), set.inputs.slice(axis: 2, 1..<2))
    #expect(marks.slice(axis: 1, 0..<4).sum(axes: [1, 2]).scalars(as: Int.self) == [Int](repeating: 1, count: 50))
    #expect(marks.slice(axis: 1, 4..<9).sum(axes: [1, 2]).scalars(as: Int.self) == [Int](repeating: 1, count: 50))
    let sums = (numbers * marks).sum(axes: [1, 2]).scalars(as: Float.self)
    #expect(try #require(set.targets).scalars(as: Float.self) == sums)
  }

  @Test func shapesFollowTheTask() throws {
    let vector = try LSTMNetwork(units: [5, 3], direction: .both)
      .built(for: LearningTask(input: [12], target: [2, 2]), seed: 1)
    #expect(vector.outputShape == [2, 2] && vector(Tensor.zeros([4, 12])).shape == [4, 2, 2])
    let image = try RNNNetwork(units: [6], activation: .relu, dropout: 0.2).built(
      for: .image(7, 5, 2), classes: 3, seed: 1)
    #expect(image.outputShape == [3])
    #expect(throws: ModelError.self) { try GRUNetwork().network(for: LearningTask(input: [3, 2])) }
    #expect(throws: ModelError.self) { try GRUNetwork().network(for: LearningTask(input: [], classes: 2)) }
  }

  /// Dropped states are a pure function of seed and step.
  @Test func dropsTheSameStatesAgain() throws {
    let changes = ["data.count=120", "epochs=2", "model.recurrentDropout=0.3", "model.direction=both"]
    func run() throws -> Tensor {
      var recipe = try ZooTests.recipe("sine-waves-gru")
      for change in changes { try recipe.set(change) }
      return try Trainer(recipe, in: .standard).run().model.parameters.trainable
    }
    #expect(try run().scalars(as: Float.self) == run().scalars(as: Float.self))
  }
}
