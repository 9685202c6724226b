import AviaryCore
import AviaryData
import AviaryLayers
import AviaryRegistry
import AviaryTestSupport
import AviaryTraining
import Testing

/// Settings of a stage besides its objective: one layer, other rows, other measurements, a hook at its beginning.
@Suite struct StageTests {
  /// The values of the run's parameters with this prefix.
  private func values(_ result: TrainingResult, _ prefix: String) -> [Double] {
    let store = result.model.parameters
    return store.entries(matching: "\(prefix)*").flatMap { store.value(of: $0).scalars(as: Double.self) }
  }

  @Test func aPartIsALayerFedByThoseBeforeIt() throws {
    let network = Sequential {
      Dense(4, activation: Tanh())
      Dense(3)
      Dense(2)
    }
    let model = try Model(network, input: [5], seed: 1)
    let (before, part) = try model.part("1.dense")
    #expect(before.inputShape == [5] && before.outputShape == [4] && part.inputShape == [4] && part.outputShape == [3])
    let inputs = RandomSource(seed: 2).uniform([6, 5])
    let by = try Model(network[0..<2], input: [5], seed: 1)(inputs)
    #expect(part(before(inputs)).scalars(as: Float.self) == by.scalars(as: Float.self))
    // Both have the whole store, and the part's names lead to its own entries.
    #expect(part.parameters.entries.map(\.name) == model.parameters.entries.map(\.name))
    #expect(part.parameterIndices == [2, 3] && part.index(of: "bias") == 3)
    #expect(part.value(named: "weight").shape == [4, 3])
    #expect(try model.part("0.dense").before(inputs).scalars(as: Float.self) == inputs.scalars(as: Float.self))
    #expect(
      message { _ = try model.part("1.rbm") }
        == "the model has no layer '1.rbm'; its layers are 0.dense, 1.dense, 2.dense")
    #expect(
      message { _ = try Model(Dense(2), input: [5], seed: 1).part("0.dense") }
        == "only a chain of layers has parts, but this model is a single 'dense'")
  }

  /// Training a layer on the outputs of the previous one equals training it in the whole model with the previous one
  /// frozen.
  @Test func aStageOfOneLayerChangesItAlone() throws {
    let part = try Trainer(recipe("layer=1.dense", "precision=float64"), in: registries).run()
    let whole = try Trainer(recipe("parameters=[\"1.*\"]", "precision=float64"), in: registries).run()
    let start = try Trainer(recipe("epochs=0", "precision=float64"), in: registries).run()
    #expect(values(part, "0.") == values(start, "0."))
    #expect(values(part, "1.") != values(start, "1."))
    for (found, expected) in zip(values(part, "1."), values(whole, "1.")) { #expect(abs(found - expected) < 1e-12) }
    let (mine, theirs) = (
      try #require(part.scores["test"]?.values["loss"]), try #require(whole.scores["test"]?.values["loss"])
    )
    #expect(abs(mine - theirs) < 1e-12)
    let patterns = message { _ = try Trainer(recipe("layer=1.dense", "parameters=[\"0.*\"]"), in: registries) }
    #expect(patterns == "no trained parameter matches '0.*'; known: 1.dense.weight, 1.dense.bias")
    let unknown = message { _ = try Trainer(recipe("layer=2.dense"), in: registries) }
    #expect(unknown == "the model has no layer '2.dense'; its layers are 0.dense, 1.dense")
  }

  @Test func aSecondPhaseTakesTheValidationRowsToo() throws {
    let first = try Trainer(recipe("epochs=1"), in: registries).run()
    let second = try Trainer(recipe("epochs=1", "rows=[\"train\",\"validation\"]"), in: registries).run()
    // 64 and 8 rows in batches of 16.
    #expect(first.history.map(\.step) == [4] && second.history.map(\.step) == [5])
    #expect(second.history[0].values["validation.loss"] != nil)
    let none = message {
      _ = try Trainer(
        recipe("split={\"name\":\"stratified\",\"test\":0.5}", "rows=[\"train\",\"validation\"]"), in: registries
      ).run()
    }
    #expect(
      none == "the split leaves no training rows in the part 'validation' of 'two-class'; make that part larger")
    // If there are several stages, the error names the stage, and nothing has been trained.
    let stages = #"stages=[{"name":"first"},{"name":"second","layer":"7.dense"}]"#
    #expect(
      message { _ = try Trainer(recipe(stages), in: registries) }
        == "stage 'second': the model has no layer '7.dense'; its layers are 0.dense, 1.dense")
    let wrong = message { _ = try Trainer(recipe("rows=[\"test\"]"), in: registries) }
    #expect(wrong == "recipe.json: rows.0: expected one of train, validation, found \"test\"")
  }

  @Test func trainingRowsAreMeasuredAsTheOthersOnRequest() throws {
    let result = try Trainer(recipe("evaluate=[\"train\",\"test\"]"), in: registries).run()
    let last = try #require(result.history.last)
    #expect(last.values["train.loss"] == result.scores["train"]?.values["loss"])
    #expect(last.values["validation.loss"] == nil && last.values["test.loss"] != nil)
    let passing = try Trainer(recipe(), in: registries).run()
    #expect(passing.history.last?.values["train.loss"] != passing.scores["train"]?.values["loss"])
  }

  /// A chain whose first bias is set when the stage begins.
  struct Prepared: ModelDefinition, Registrable {
    static let name = "prepared"
    static let card = Card("A dense layer whose bias is set when a stage begins.")
    func network(for task: LearningTask) -> any Layer { Sequential([Dense(2)]) }
    var stages: [StageProposal] { [StageProposal("first", ["epochs": 1]), StageProposal("second", ["epochs": 2])] }
    func begin(_ stage: String, _ model: inout Model) {
      model.parameters["0.dense.bias"] =
        model.parameters["0.dense.bias"] + (stage == "first" ? 10 : 100)
    }
  }

  @Test func aModelPreparesEachStageOnce() throws {
    var known = registries
    try known.register(Prepared.self)
    let settings = ["model=prepared", "optimizer.learningRate=1e-9"]
    let folder = try ScratchFolder()
    let trainer = try Trainer(recipe(settings), in: known, options: ResumeTests.options(folder["whole"]))
    let bias = try trainer.run().model.parameters["0.dense.bias"].scalars(as: Double.self)
    for value in bias { #expect(abs(value - 110) < 0.01) }
    // Stopped after each batch in turn, and resumed.
    for stop in [1, 4, 5, 9] {
      var batches = 0
      let run = "stopped-\(stop)"
      let stopped = try Trainer(recipe(settings), in: known, options: ResumeTests.options(folder[run]))
      _ = try stopped.run(
        observer: { if case .batchEnded = $0 { batches += 1 } }, shouldStop: { batches == stop })
      let resumed = try Trainer(resuming: folder[run], in: known).run()
      let again = resumed.model.parameters["0.dense.bias"].scalars(as: Double.self)
      #expect(again == bias)
    }
  }

  @Test func monteCarloInferenceHasTheDropoutsMeanAndVariance() throws {
    let network = Sequential {
      Dropout(0.5)
      Dense(1, bias: false)
    }
    var model = try Model(network, input: [3], dtype: .float64, seed: 1)
    model.parameters["1.dense.weight"] = Tensor([1.0, 2, 3], shape: [3, 1])
    let (mean, variance) = model.monteCarlo(
      Tensor([1.0, 1, 1], shape: [1, 3]), samples: 4000, random: RandomSource(seed: 3))
    // y = Σ wᵢ·mᵢ/½: the mean is Σ wᵢ = 6, the variance Σ wᵢ²·½/½ = 14.
    #expect(abs(mean.item() - 6) < 0.2)
    #expect(abs(variance.item() - 14) < 0.7)
    let one = model.monteCarlo(Tensor([1.0, 1, 1], shape: [1, 3]), samples: 1, random: RandomSource(seed: 3))
    #expect(one.variance.item() == 0)
    let tenth = model.monteCarlo(
      Tensor([1.0, 1, 1], shape: [1, 3]), samples: 10, random: RandomSource(seed: 3), of: { $0 / 10 })
    let whole = model.monteCarlo(Tensor([1.0, 1, 1], shape: [1, 3]), samples: 10, random: RandomSource(seed: 3))
    #expect(abs(tenth.mean.item() - whole.mean.item() / 10) < 1e-12)
    #expect(abs(tenth.variance.item() - whole.variance.item() / 100) < 1e-12)
  }

  @Test func aRunIsMeasuredByMonteCarloOnRequest() throws {
    let folder = try ScratchFolder()
    let layers = #"model.layers=[{"name":"dense","units":8},{"name":"dropout","rate":0.5},{"name":"dense","units":2}]"#
    _ = try Trainer(recipe(layers), in: registries, options: ResumeTests.options(folder["run"])).run()
    let run = try FinishedRun(folder["run"], in: registries)
    let (plain, drawn) = (try run.scores(), try run.scores(samples: 30))
    #expect(plain["test"]?.values["variance"] == nil)
    let variance = try #require(drawn["test"]?.values["variance"])
    #expect(variance > 0 && variance < 0.25)
    #expect(plain["test"]?.values["loss"] != drawn["test"]?.values["loss"])
    #expect(try run.scores(samples: 30) == drawn)
  }
}
