import AviaryCore
import AviaryData
import AviaryLayers
import AviaryRegistry
import AviaryTestSupport
import AviaryTraining
import AviaryZoo
import Testing

/// Naive Bayes, k-means and principal components.
@Suite struct ClassicalTests {
  @Test(arguments: try GoldenDocument("naive_bayes").cases) func probabilitiesAreScikitLearns(
    _ stored: GoldenCase
  ) throws {
    let batch = Batch(
      inputs: try stored.tensor("inputs"), targets: try stored.tensor("targets"), rows: Array(0..<60))
    let settings = try #require(stored.value["settings"]?.objectValue)
    let definition = try Registries.standard.make(.model, Specification("naive-bayes", settings))
    var model = try definition.built(for: LearningTask(input: [5], classes: 3), dtype: .float64, seed: 1)
    let counting = try #require(try definition.stages.first?.settings["objective"])
    let objective = try #require(
      try Registries.standard.make(.objective, Specification(counting)) as? any FittingObjective)
    var state = ObjectiveState()
    let fit = try objective.fit(model, batch, Context(.training), &state)
    model.parameters.apply(fit.values)
    let found = model(try stored.tensor("others")).logSoftmax()
    #expect(mismatch(found, try stored.tensor("logProbabilities"), tolerance: 1e-11) == nil)
    let again = try objective.assess(model, batch, Context(.inference))
    #expect(abs(fit.assessment.loss - again.loss) < 1e-14)
  }

  @Test(arguments: try GoldenDocument("k_means").cases) func centersAreScikitLearns(_ stored: GoldenCase) throws {
    let x = try stored.tensor("inputs")
    var model = try KMeans(clusters: 4).built(for: LearningTask(input: [3]), dtype: .float64, seed: 1)
    model.parameters.apply([0: try stored.tensor("start")])
    let batch = Batch(inputs: x, targets: nil, rows: Array(0..<x.shape[0]))
    var state = ObjectiveState()
    let steps = try #require(stored.value["steps"]?.integerValue)
    var losses: [Double] = []
    for step in 1...steps {
      let context = Context(.training, progress: TrainingProgress(step: step, epoch: step, stepsPerEpoch: 1))
      let fit = try Clustering().fit(model, batch, context, &state)
      model.parameters.apply(fit.values)
      losses.append(fit.assessment.loss)
    }
    #expect(mismatch(model.parameters["0.centers.weight"], try stored.tensor("centers"), tolerance: 1e-12) == nil)
    #expect(mismatch(-model(x[0..<9]), try stored.tensor("distances"), tolerance: 1e-11) == nil)
    #expect(losses == losses.sorted(by: >))
  }

  @Test(arguments: try GoldenDocument("pca").cases) func componentsAreScikitLearns(_ stored: GoldenCase) throws {
    let x = try stored.tensor("inputs")
    let count = try #require(stored.value["components"]?.integerValue)
    let definition = PCA(components: count, whitens: stored.value["whitens"]?.integerValue == 1)
    let task = LearningTask(input: [x.shape[1]])
    var model = try definition.built(for: task, dtype: .float64, seed: 1)
    let batch = Batch(inputs: x, targets: nil, rows: Array(0..<x.shape[0]))
    var state = ObjectiveState()
    model.parameters.apply(
      try PrincipalComponents().fit(model, batch, Context(.training, random: RandomSource(seed: 2)), &state).values)
    for name in ["weight", "variance"] {
      let found = model.parameters["0.components.\(name)"]
      #expect(mismatch(found, try stored.tensor(name), tolerance: 1e-6) == nil, "\(name)")
    }
    let others = try stored.tensor("others")
    #expect(mismatch(try definition.codes(model, of: others), try stored.tensor("codes"), tolerance: 1e-6) == nil)
    let made = try definition.reconstructions(model, of: others)
    #expect(mismatch(made, try stored.tensor("made"), tolerance: 1e-7) == nil)
  }

  @Test func componentsKeepMostOfTheVariance() throws {
    let result = try ZooTests.run("digits-pca")
    let explained = try #require(result.scores["test"]?.values["explained"])
    #expect((0.87...0.91).contains(explained), "\(explained)")
    // Constant rows have no components, and codes of zeros.
    var recipe = try ZooTests.recipe("digits-pca", "model.whitens=true")
    try recipe.set("split={\"name\":\"ranges\",\"train\":\"0..<1\",\"test\":\"1..<3\"}")
    let flat = try Trainer(recipe, in: .standard).run()
    #expect(flat.scores["test"]?.values["loss"]?.isFinite == true && flat.scores["train"]?.values["loss"] == 0)
  }

  @Test func cloudsHaveTheirCenters() throws {
    let result = try ZooTests.run("blobs-k-means", "data.noise=0.1", "data.seed=4")
    let loss = try #require(result.scores["test"]?.values["loss"])
    // Two coordinates with a variance of 0.01 each.
    #expect(abs(loss - 0.02) < 0.01 && result.history.count < 20)
    let definition = KMeans(clusters: 5)
    let rows = Tensor([[1, 2], [3, 4]] as [[Float]])
    let made = try definition.reconstructions(result.model, of: rows)
    #expect(made.shape == [2, 2])
  }

  /// Smaller batches come near the same loss.
  @Test func batchesDoToo() throws {
    let whole = try #require(try ZooTests.run("digits-k-means").scores["train"]?.values["loss"])
    let parts = try #require(
      try ZooTests.run("digits-k-means", "batchSize=100", "shuffle=true", "stopping=null", "epochs=10").scores["train"]?
        .values["loss"])
    #expect(parts < 1.08 * whole && whole < 560, "\(whole), \(parts)")
  }

  @Test func digitsAreClassified() throws {
    for (name, least) in [("digits-naive-bayes", 0.86), ("digits-bernoulli", 0.8)] {
      let accuracy = try #require(try ZooTests.run(name).scores["test"]?.values["accuracy"])
      #expect(accuracy > least, "\(name): \(accuracy)")
    }
  }

  @Test func mistakesAreTold() throws {
    func message(_ name: String, _ changes: String...) -> String {
      do {
        var recipe = try ZooTests.recipe(name)
        for change in changes { try recipe.set(change) }
        _ = try Trainer(recipe, in: .standard).run()
        return ""
      } catch { return "\(error)" }
    }
    #expect(message("blobs-k-means", "model.clusters=5000").contains("5000 clusters"))
    #expect(message("digits-naive-bayes", "batchSize=10").contains("in one batch"))
    #expect(message("digits-naive-bayes", "data=linear", "split=none").contains("classifier"))
    #expect(message("digits-bernoulli", "data=blobs", "model.distribution=multinomial").contains("not negative"))
    #expect(message("digits-bernoulli", "optimizer=adam").contains("optimizer"))
  }
}
