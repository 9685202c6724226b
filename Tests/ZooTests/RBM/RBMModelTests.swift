import AviaryCore
import AviaryData
import AviaryLayers
import AviaryRegistry
import AviaryTestSupport
import AviaryTraining
import AviaryZoo
import Testing

/// The models `rbm` and `dbn`, and the layer in a chain.
@Suite struct RBMModelTests {
  @Test func theLayerIsTheWayUpAndDown() throws {
    for labels in [0, 2] {
      let layer = RestrictedBoltzmannMachine(
        3, labels: labels, weightInitializer: Normal(standardDeviation: 1), hiddenBiasInitializer: Constant(0.5),
        visibleBiasInitializer: Constant(-0.5))
      let model = try Model(layer, input: [2, 2, 1], dtype: .float64, seed: 2)
      let machine = try RBMDistribution(model)
      let x = RandomSource(seed: 1).uniform([5, 2, 2, 1], dtype: .float64)
      let v = Tensor.concatenate(
        [x.reshaped(to: [5, 4]), Tensor.zeros([5, labels], dtype: .float64)], axis: 1)
      let h = model(x)
      #expect(mismatch(h, machine.hiddenMeans(v)) == nil)
      let logits = try #require(model.decode(h))
      #expect(mismatch(logits.sigmoid(), machine.visibleMeans(h).slice(axis: 1, 0..<4)) == nil)
      #expect(mismatch(machine.reconstruction(of: x.reshaped(to: [5, 4])), logits.sigmoid()) == nil)
      #expect(model.parameters["weight"].shape == [4 + labels, 3])
    }
    let code = try Model(RestrictedBoltzmannMachine(3, hidden: .gaussian), input: [2], dtype: .float64, seed: 2)
    let x = Tensor([[1.0, 0.0]])
    #expect(mismatch(code(x), x.matmul(code.parameters["weight"])) == nil)
  }

  /// The gradient of a loss on codes and reconstructions flows through the layer.
  @Test func theLayerHasDerivatives() throws {
    let model = try Model(
      Sequential {
        RestrictedBoltzmannMachine(3, weightInitializer: Normal(standardDeviation: 1))
        Dense(2)
      }, input: [4], dtype: .float64, seed: 2)
    let batch = Batch(
      inputs: RandomSource(seed: 1).uniform([6, 4], dtype: .float64), targets: Tensor([0, 1, 0, 1, 1, 0]),
      rows: Array(0..<6))
    let objective = try #require(Registries.standard.make(.objective, "supervised") as? any GradientObjective)
    let trained = try TrainedParameters(model, matching: ["*"])
    var state = ObjectiveState()
    let gradient = try objective.step(model, trained, batch, Context(.training), &state).gradient
    for element in [0, 7, 13] {
      func loss(_ change: Double) throws -> Double {
        var moved = model
        let direction = Tensor([element]).oneHot(classes: gradient.elementCount, dtype: .float64).flattened()
        moved.parameters.trainable = moved.parameters.trainable + direction * change
        return try objective.assess(moved, batch).loss
      }
      #expect(abs((try loss(1e-5) - loss(-1e-5)) / 2e-5 - gradient.scalar(at: element)) < 1e-9)
    }
  }

  /// Trained by (in the limit) the gradient of the likelihood, an RBM learns a distribution of a few states.
  @Test func persistentChainsLearnADistribution() throws {
    var model = try Model(RestrictedBoltzmannMachine(6), input: [4], dtype: .float64, seed: 1)
    let data = RBMDistribution.states(of: 4).gather(Tensor([3, 12, 3, 9]))
    let batch = Batch(inputs: data, targets: nil, rows: Array(0..<4))
    let objective = try ContrastiveDivergence(
      steps: 2, persistent: true, chains: 200, measures: [.freeEnergy, .pseudoLikelihood])
    let trained = try TrainedParameters(model, matching: ["*"])
    var state = ObjectiveState()
    let before = try RBMDistribution(model).logLikelihood(data).mean().item()
    for step in 0..<2000 {
      let context = Context(.training, random: RandomSource(seed: 2).at(step: step))
      let gradient = try objective.step(model, trained, batch, context, &state).gradient
      model.parameters.trainable = model.parameters.trainable - gradient * 0.1
    }
    let machine = try RBMDistribution(model)
    let after = try machine.logLikelihood(data).mean().item()
    // No distribution gives more than −1.04 = (2·log ½ + 2·log ¼) / 4.
    #expect(before < -2.7 && after > -1.3 && after < -1.0397)
    let assessment = try objective.assess(model, batch)
    #expect(assessment.measures["free-energy"] == machine.freeEnergy(data).mean().item())
    #expect(try #require(assessment.measures["pseudo-likelihood"]) > -0.6)
  }

  @Test func labelsClassify() throws {
    let result = try ZooTests.run("digits-rbm", "epochs=30")
    let test = try #require(result.scores["test"])
    #expect(try #require(test.values["accuracy"]) > 0.95)
    #expect(test.values["accuracy"] == test.confusion?.accuracy)
    let resolved = try ZooTests.recipe("digits-rbm").resolved(in: .standard)
    let report = Report(
      recipe: resolved, data: try resolved.prepare(), model: result.model, history: result.history,
      scores: result.scores)
    // The rows of the label units are not pixels.
    let html = try report.html()
    for part in ["<h2>Filters of weight</h2>", "The first 64 of 256", "<h2>Reconstructions</h2>", "<h2>Samples</h2>"] {
      #expect(html.contains(part), "\(part)")
    }
    // With half of the pixels missing, most digits are still recognized.
    let data = report.data.test
    let machine = try RBMDistribution(result.model)
    let inputs = data.inputs.reshaped(to: [-1, 64]).slice(axis: 0, 0..<100)
    let labels = try #require(data.targets).slice(axis: 0, 0..<100)
    let known = RandomSource(seed: 1).bernoulli([64], probability: 0.5)
    let found = machine.classProbabilities(inputs, known: known, steps: 100, burnIn: 20, random: RandomSource(seed: 2))
    let hits = (found.argmax(axis: 1) .== labels).cast(to: .float64).mean().item()
    #expect(hits > 0.5)
    let definition = try #require(try Registries.standard.make(.model, "rbm", ["labels": true]) as? any GenerativeModel)
    let samples = try definition.samples(
      result.model, count: 3, from: inputs.slice(axis: 0, 0..<3), steps: 5, random: RandomSource(seed: 1))
    #expect(samples.shape == [3, 8, 8, 1] && samples.min().item() >= 0 && samples.max().item() <= 1)
    #expect(throws: ModelError.self) { try definition.network(for: LearningTask(input: [4])) }
  }

  /// Exact for 20 hidden units; with one more, which is unconnected and so changes no probability, an estimate.
  @Test func logLikelihoodsOfSets() throws {
    func likelihoods(_ units: Int) throws -> [LogLikelihood] {
      let definition = try #require(
        try Registries.standard.make(.model, "rbm", ["units": .integer(units)]) as? any LikelihoodModel)
      var model = try Model(definition.network(for: LearningTask(input: [24])), input: [24], dtype: .float64, seed: 1)
      let random = RandomSource(seed: 2)
      let connected = (Tensor(Array(0..<units)) .< 20).cast(to: .float64)
      let weight = random["weight"].normal([24, 20], dtype: .float64) * 0.5
      model.parameters["weight"] = Tensor.concatenate(
        [weight, Tensor.zeros([24, units - 20], dtype: .float64)], axis: 1)
      model.parameters["hidden-bias"] = connected * 0.3
      let sets = ["one", "two"].map { name in
        DataSet(name: name, inputs: random[name].bernoulli([700, 24], probability: 0.3).cast(to: .float64))
      }
      return try definition.logLikelihoods(model, of: sets, temperatures: 300, random: random["annealing"])
    }
    let (exact, estimated) = (try likelihoods(20), try likelihoods(21))
    #expect(exact.count == 2 && exact[0] != exact[1])
    for (exact, estimated) in zip(exact, estimated) {
      #expect(exact.interval == nil)
      let interval = try #require(estimated.interval)
      #expect(interval.contains(exact.value) && interval.contains(estimated.value))
      #expect(interval.upperBound - interval.lowerBound < 0.5)
    }
  }

  @Test func aPretrainedNetworkClassifies() throws {
    let result = try ZooTests.run("digits-dbn", "stages.fine-tune.epochs=15")
    #expect(try #require(result.scores["test"]?.values["accuracy"]) > 0.96)
    let stages = result.history.reduce(into: [String]()) { if $0.last != $1.stage { $0.append($1.stage) } }
    #expect(stages == ["pretrain-1", "pretrain-2", "fine-tune"])
    // Every stage learns something.
    for stage in stages {
      let losses = result.history.filter { $0.stage == stage }.compactMap { $0.values["train.loss"] }
      #expect(losses[losses.count - 1] < losses[0] * 0.8)
    }
  }

  /// Persistent chains, a running rate and the place of the pseudo-likelihood are part of a checkpoint.
  @Test(arguments: [
    [
      "digits-rbm", "epochs=2", "objective.persistent=true", "objective.sparsityCost=0.1", "model.labels=false",
      #"objective.measures=["pseudo-likelihood"]"#, "metrics=[]",
    ],
    [
      "digits-dbn", "stages.pretrain-1.epochs=2", "stages.pretrain-2.epochs=1", "stages.fine-tune.epochs=1",
      "stages.pretrain-1.objective.persistent=true", "model.units=[10,6]",
    ],
    ["digits-dbn", "model.classifier=false", "model.units=[8,5]", "epochs=1"],
    [
      "digits-dbn", "stages.pretrain-1.epochs=1", "stages.pretrain-2.epochs=2", "stages.fine-tune.epochs=1",
      "model.transposed=true", "model.units=[8,64]",
    ],
  ]) func stoppedAndResumedItGivesTheSameBits(_ changes: [String]) throws {
    let folder = try ScratchFolder()
    var recipe = try ZooTests.recipe(changes[0])
    for change in ["batchSize=200"] + changes.dropFirst() { try recipe.set(change) }
    if changes.contains("model.classifier=false") { recipe = try withoutClasses(recipe) }
    var options = Trainer.Options()
    options.output = folder["whole"]
    let whole = try Trainer(recipe, in: .standard, options: options).run()
    var (batches, limit, resumed) = (0, 1, 0)
    let stop = {
      batches += 1
      return batches == limit
    }
    options.output = folder["parts"]
    var result = try Trainer(recipe, in: .standard, options: options).run(shouldStop: stop)
    while result.isInterrupted, resumed < 100 {
      (batches, limit, resumed) = (0, limit % 5 + 1, resumed + 1)
      result = try Trainer(resuming: folder["parts"], in: .standard).run(shouldStop: stop)
    }
    #expect(resumed > 2)
    #expect(result.history == whole.history && result.scores == whole.scores)
    #expect(result.model.parameters.trainable == whole.model.parameters.trainable)
  }

  /// The recipe of the generative stages alone.
  private func withoutClasses(_ recipe: Recipe) throws -> Recipe {
    var recipe = recipe
    try recipe.set(#"stages={"pretrain-2":{"epochs":2}}"#)
    return recipe
  }
}
