import AviaryCore
import AviaryData
import AviaryTestSupport
import AviaryTraining
import AviaryZoo
import Testing

/// Predictions of runs of the zoo's models.
@Suite struct PredictionTests {
  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private func run(_ name: String, _ changes: String...) throws -> FinishedRun {
    var recipe = try #require(Zoo.recipes.first { $0.name == name })
    for change in ["epochs=1"] + changes { try recipe.set(change) }
    var options = Trainer.Options()
    options.output = folder[name]
    _ = try Trainer(recipe, in: .standard, options: options).run()
    return try FinishedRun(folder[name], in: .standard)
  }

  @Test(arguments: ["digits-autoencoder", "digits-vae"])
  func autoencodersReconstructInStoredUnits(_ name: String) throws {
    let run = try run(name)
    let digits = try DigitsData().load().inputs[0..<5]
    let found = try run.predict(digits)
    #expect(found.kind == .reconstructions && found.values.shape == digits.shape)
    // Sigmoid outputs, converted back to the stored range from 0 to 16.
    #expect(found.values.max().item() > 1 && found.values.max().item() <= 16 && found.values.min().item() >= 0)
    let definition = try #require(run.recipe.model as? any EncodingModel)
    let codes = try run.predict(digits, .codes)
    #expect(codes.values == (try definition.codes(run.model, of: run.preprocessing(digits))))
  }

  @Test func machinesMakeCodes() throws {
    let run = try run("digits-rbm")
    let digits = try DigitsData().load().inputs[0..<3]
    let codes = try run.predict(digits, .codes).values
    #expect(codes == run.model(try run.preprocessing(digits)))
    #expect(codes.min().item() >= 0 && codes.max().item() <= 1)
  }

  @Test func theirOwnRulesTellClasses() throws {
    for name in ["perceptron-and", "adaline-or"] {
      let run = try run(name, "epochs=30")
      let gate = try run.recipe.data.load()
      let found = try run.predict(gate.inputs)
      #expect(found.kind == .classes && found.labels == gate.targets, "\(name)")
      #expect(try !Predictor(run).predictsProbabilities)
    }
  }

  @Test func everyRecipesRunPredicts() throws {
    for name in ["fonts-cnn", "digits-sda", "digits-dbn-dreams", "line-bayesian", "digits-lstm", "digits-maxout"] {
      guard Zoo.recipes.contains(where: { $0.name == name }) else { continue }
      let run = try run(name, "batchSize=500")
      let shape = run.inputForm.shape
      let found = try run.predict(Tensor.zeros(shape.inserting(2, at: 0)))
      #expect(found.count == 2 && found.values.isFinite().all().item() == 1, "\(name)")
    }
  }
}
