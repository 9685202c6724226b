import AviaryCore
import AviaryData
import AviaryLayers
import AviaryOptimizers
import AviaryRegistry
import AviaryTestSupport
import AviaryTraining
import AviaryZoo
import Testing

@Suite struct StackedDenoisingAutoencoderTests {
  private static let brief = [
    "epochs=1", "stages.fine-tune.epochs=1", "model.units=[12,8]", "split.test=0.8", "batchSize=60",
  ]

  private static func recipe(_ changes: [String] = []) throws -> Recipe {
    var recipe = try ZooTests.recipe("digits-sda")
    for change in brief + changes { try recipe.set(change) }
    return recipe
  }

  private static func isSame(_ a: Model, _ b: Model, _ pattern: String) -> Bool {
    let entries = a.parameters.entries(matching: pattern)
    return !entries.isEmpty
      && entries.allSatisfy { sameBits(a.parameters[$0.name], b.parameters[$0.name]) }
  }

  @Test func aStageChangesItsLayerAlone() throws {
    func model(_ first: Int, _ second: Int, _ last: Int) throws -> Model {
      let epochs = ["stages.pretrain-1.epochs=\(first)", "stages.pretrain-2.epochs=\(second)"]
      return try Trainer(
        Self.recipe(epochs + ["stages.fine-tune.epochs=\(last)"]), in: .standard
      ).run().model
    }
    let (start, first) = (try model(0, 0, 0), try model(1, 0, 0))
    let (second, last) = (try model(1, 1, 0), try model(1, 1, 1))
    for name in ["weight", "hidden-bias", "visible-bias"] {
      #expect(!Self.isSame(start, first, "0.autoencoder.\(name)"))
      #expect(!Self.isSame(first, second, "1.autoencoder.\(name)"))
    }
    #expect(Self.isSame(start, first, "1.*") && Self.isSame(start, first, "2.*"))
    #expect(Self.isSame(first, second, "0.*") && Self.isSame(first, second, "2.*"))
    for place in 0...1 {
      #expect(!Self.isSame(second, last, "\(place).autoencoder.weight"))
      #expect(Self.isSame(second, last, "\(place).autoencoder.visible-bias"))
    }
    #expect(!Self.isSame(second, last, "2.dense.weight"))
  }

  /// One update of the second stage, by hand: through the first layer, masked, encoded and decoded, the gradient
  /// subtracted.
  @Test func theGreedyStepIsTheFormula() throws {
    let recipe = try Self.recipe([
      "optimizer=sgd", "optimizer.learningRate=0.5", "precision=float64", "batchSize=null", "shuffle=false",
      "model.corruptions=[]",
    ])
    var before = recipe
    for stage in ["pretrain-2", "fine-tune"] { try before.set("stages.\(stage).epochs=0") }
    var after = recipe
    try after.set("stages.fine-tune.epochs=0")
    let start = try Trainer(before, in: .standard).run().model
    let trainer = try Trainer(after, in: .standard)
    let end = try trainer.run().model
    let store = start.parameters
    let inputs = trainer.data.train.inputs.reshaped(to: [trainer.data.train.count, 64])
    let h = (inputs.matmul(store["0.autoencoder.weight"]) + store["0.autoencoder.hidden-bias"]).sigmoid()
    let w = store["1.autoencoder.weight"]
    let code = (h.matmul(w) + store["1.autoencoder.hidden-bias"]).sigmoid()
    let z = code.matmul(w, transposingRight: true) + store["1.autoencoder.visible-bias"]
    // d(cross-entropy)/dz = σ(z) − h; the weight is used twice.
    let dz = (z.sigmoid() - h) / Double(inputs.shape[0])
    let da = dz.matmul(w) * code * (1 - code)
    let gradient = h.matmul(da, transposingSelf: true) + dz.matmul(code, transposingSelf: true)
    let moved = end.parameters["1.autoencoder.weight"]
    #expect((moved - (w - gradient * 0.5)).abs().max().item() < 1e-13)
    let bias = end.parameters["1.autoencoder.visible-bias"]
    #expect((bias + dz.sum(axes: [0]) * 0.5).abs().max().item() < 1e-13)
    #expect((moved - w).abs().max().item() > 1e-4)
  }

  @Test func codesGoBackThroughAllLayers() throws {
    let definition = try AutoencoderTests.definition(
      "stacked-denoising-autoencoder", ["units": [5, 4], "tied": false])
    let model = try definition.built(for: .image(2, 3, 1), classes: 3, dtype: .float64, seed: 1)
    let images = RandomSource(seed: 2).uniform([7, 2, 3, 1], dtype: .float64)
    let store = model.parameters
    let codes = try definition.codes(model, of: images)
    let first = (images.reshaped(to: [7, 6]).matmul(store["0.autoencoder.weight"])).sigmoid()
    #expect((codes - first.matmul(store["1.autoencoder.weight"]).sigmoid()).abs().max().item() < 1e-14)
    let middle = codes.matmul(store["1.autoencoder.decoder-weight"]).sigmoid()
    let back = middle.matmul(store["0.autoencoder.decoder-weight"]).sigmoid()
    let found = try definition.reconstructions(model, of: images)
    #expect(found.shape == images.shape && (found.reshaped(to: [7, 6]) - back).abs().max().item() < 1e-14)
  }

  @Test func corruptionsAreOneForAllOneForEachOrNone() throws {
    func corruptions(_ value: ConfigurationValue) throws -> [ConfigurationValue?] {
      let definition = try Registries.standard.make(
        .model, "stacked-denoising-autoencoder", ["units": [3, 2], "corruptions": value])
      let stages = try definition.stages
      #expect(stages.map(\.name) == ["pretrain-1", "pretrain-2", "fine-tune"])
      #expect(stages[1].settings["layer"] == "1.autoencoder")
      return stages.dropLast().map { $0.settings["objective"]?["corruption"] }
    }
    let (a, b): (ConfigurationValue, ConfigurationValue) = (
      ["name": "masking-noise", "rate": 0.25], ["name": "gaussian-noise", "standardDeviation": 0.5]
    )
    #expect(try corruptions([a]) == [a, a])
    #expect(try corruptions([a, b]) == [a, b])
    #expect(try corruptions([]) == [nil, nil])
    #expect(throws: ConfigurationError.self) { try corruptions([a, a, a]) }
  }

  /// Interrupted after every few batches, in each stage and between them, and resumed: the same bits.
  @Test(arguments: [[], ["model.tied=false", "model.activation=tanh", "model.loss=mean-squared-error"]] as [[String]])
  func resumesToTheSameBits(_ changes: [String]) throws {
    let folder = try ScratchFolder()
    let recipe = try Self.recipe(changes)
    func options(_ run: String) -> Trainer.Options {
      var options = Trainer.Options()
      options.output = folder[run]
      return options
    }
    let whole = try Trainer(recipe, in: .standard, options: options("whole")).run()
    var batches = 0
    let stop = {
      batches += 1
      return batches % 4 == 0
    }
    var result = try Trainer(recipe, in: .standard, options: options("parts")).run(shouldStop: stop)
    var stops = 0
    while result.isInterrupted {
      stops += 1
      result = try Trainer(resuming: folder["parts"], in: .standard).run(shouldStop: stop)
    }
    #expect(stops == 4 || stops == 3)
    #expect(Self.isSame(whole.model, result.model, "*") && result.history == whole.history)
    #expect(result.scores == whole.scores)
  }

  /// Pretraining on all training rows helps where few have been looked at for long: a better start of the fine-tuning.
  @Test func pretrainingHelps() throws {
    func accuracy(_ epochs: Int) throws -> Double {
      var recipe = try ZooTests.recipe("digits-sda")
      for stage in ["pretrain-1", "pretrain-2"] { try recipe.set("stages.\(stage).epochs=\(epochs)") }
      try recipe.set("stages.fine-tune.epochs=3")
      return try #require(try Trainer(recipe, in: .standard).run().scores["test"]?.values["accuracy"])
    }
    let (with, without) = (try accuracy(15), try accuracy(0))
    #expect(with > without + 0.02)
  }
}
