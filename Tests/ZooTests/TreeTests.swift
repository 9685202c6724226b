import AviaryCore
import AviaryData
import AviaryLayers
import AviaryRegistry
import AviaryTestSupport
import AviaryTraining
import AviaryZoo
import Testing

/// Decision trees and forests.
@Suite struct TreeTests {
  private func fitted(_ definition: any ModelDefinition, _ batch: Batch, classes: Int?) throws -> Model {
    var task = LearningTask(input: batch.inputs.shape.removing(axis: 0), classes: classes)
    if classes == nil { task.target = [] }
    var model = try definition.built(for: task, dtype: .float64, seed: 1)
    let settings = try #require(try definition.stages.first?.settings["objective"])
    let objective = try #require(
      try Registries.standard.make(.objective, Specification(settings)) as? any FittingObjective)
    var state = ObjectiveState()
    model.parameters.apply(try objective.fit(model, batch, Context(.training), &state).values)
    return model
  }

  /// The same splits and answers as scikit-learn's.
  @Test(arguments: try GoldenDocument("classical").cases) func agreesWithScikitLearn(_ stored: GoldenCase) throws {
    let targets = try stored.tensor("targets")
    let isLabels = targets.dtype == .int64
    let batch = Batch(inputs: try stored.tensor("inputs"), targets: targets, rows: Array(0..<targets.shape[0]))
    let settings = try #require(stored.value["settings"]?.objectValue)
    let definition = try Registries.standard.make(.model, Specification("decision-tree", settings))
    let model = try fitted(definition, batch, classes: isLabels ? 3 : nil)
    let answers = try stored.tensor("answers")
    let found = model(try stored.tensor("others").cast(to: .float64))
    #expect(mismatch(found.reshaped(to: answers.shape), answers, tolerance: 1e-6) == nil)
    let feature = model.parameters["0.trees.feature"].flattened().scalars(as: Double.self)
    let threshold = model.parameters["0.trees.threshold"].flattened().scalars(as: Double.self)
    let splits = try #require(stored.value["splits"]?.arrayValue)
    #expect(feature.count { $0 >= 0 } == splits.count)
    for split in splits {
      let place = try #require(split[0]?.integerValue)
      #expect(Int(feature[place]) == split[1]?.integerValue)
      #expect(abs(threshold[place] - (split[2]?.numberValue ?? .nan)) < 1e-6)
    }
  }

  @Test func aForestIsBetterThanATree() throws {
    func accuracy(_ name: String) throws -> Double {
      try #require(try ZooTests.run(name).scores["test"]?.values["accuracy"])
    }
    let (tree, forest) = (try accuracy("digits-tree"), try accuracy("digits-forest"))
    #expect(tree > 0.8 && forest > 0.96, "\(tree), \(forest)")
    #expect(try accuracy("moons-tree") > 0.85 && accuracy("moons-forest") > 0.93)
  }

  @Test func treesAreTheSameOnAnyNumberOfThreads() throws {
    let count = Threads.count
    defer { Threads.set(count) }
    let results = try [1, 2, 3].map { threads in
      Threads.set(threads)
      return try ZooTests.run("moons-forest", "model.trees=7").model.parameters.trainable
    }
    #expect(results[0] == results[1] && results[0] == results[2])
  }

  /// Without restrictions a tree of enough depth knows its training rows.
  @Test func aDeepTreeKnowsItsRows() throws {
    let result = try ZooTests.run("moons-tree", "model.depth=12", "data.count=60")
    #expect(result.scores["train"]?.values["accuracy"] == 1 && result.scores["train"]?.values["loss"] == 0)
  }

  @Test func valuesAreLearnedToo() throws {
    let result = try ZooTests.run("moons-tree", "data=linear", "split.name=fractions", "metrics=[]", "model.depth=6")
    let (train, test) = (result.scores["train"]?.values["loss"], result.scores["test"]?.values["loss"])
    #expect(try #require(train) < 1 && #require(test) < 3)
  }

  @Test func mistakesAreTold() throws {
    func message(_ changes: String...) -> String {
      do {
        var recipe = try ZooTests.recipe("moons-tree")
        for change in changes { try recipe.set(change) }
        _ = try Trainer(recipe, in: .standard).run()
        return ""
      } catch { return "\(error)" }
    }
    #expect(message("batchSize=10").contains("all 320 training rows"))
    #expect(message("data=linear", "split=none", "metrics=[]", "model.criterion=entropy").contains("needs classes"))
    #expect(message("model.depth=13").contains("depth"))
    #expect(message("optimizer=adam").contains("optimizer"))
    #expect(
      message("model={\"name\":\"mlp\",\"units\":[3]}", "objective=tree-growing", "batchSize=null")
        .contains("decision-tree"))
  }

  /// A feature that the inputs do not have, as in a damaged file, is an error.
  @Test func damagedTreesAreRefused() throws {
    var model = try ZooTests.run("moons-tree").model
    let entry = try #require(model.parameters.entries.first { $0.name == "0.trees.feature" })
    for feature in [2.0, -2, .nan, 1e30] {
      model.parameters.apply([0: Tensor(repeating: feature, shape: entry.shape, dtype: model.dtype)])
      #expect(throws: LayerError.self) { try model.checkedOutputs(of: Tensor.zeros([1, 2])) }
    }
  }
}
