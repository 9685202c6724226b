import AviaryCore
import AviaryLayers
import AviaryRegistry
import AviaryTestSupport
import AviaryTraining
import AviaryZoo
import Testing

@Suite struct DeepAutoencoderTests {
  private static func model(_ units: ConfigurationValue = [6, 4, 2]) throws -> (any EncodingModel, Model) {
    let definition = try AutoencoderTests.definition("deep-autoencoder", ["units": units])
    var model = try definition.built(for: .image(2, 4, 1), dtype: .float64, seed: 1)
    model.parameters.trainable = RandomSource(seed: 3).normal(model.parameters.trainable.shape, dtype: .float64)
    return (definition, model)
  }

  @Test func theUnrolledStackIsTheMachinesUpAndDown() throws {
    let (definition, rolled) = try Self.model()
    var model = rolled
    try definition.begin("fine-tune", &model)
    let images = RandomSource(seed: 2).uniform([5, 2, 4, 1], dtype: .float64)

    // Encoding and decoding by the RBMs themselves, which unrolling does not change.
    var values = images
    for place in 0..<3 { values = try rolled.part("\(place).rbm").part(values) }
    #expect((try definition.codes(model, of: images) - values).abs().max().item() < 1e-14)
    for place in (0..<3).reversed() {
      values = try #require(try rolled.part("\(place).rbm").part.decode(values)).sigmoid()
    }
    let found = try definition.reconstructions(model, of: images)
    #expect(found.shape == images.shape && (found - values.reshaped(to: images.shape)).abs().max().item() < 1e-14)

    for (decoder, machine) in [(3, 2), (4, 1), (5, 0)] {
      let (weight, bias) = (
        model.parameters["\(decoder).dense.weight"], model.parameters["\(decoder).dense.bias"]
      )
      #expect(weight == rolled.parameters["\(machine).rbm.weight"].transposed())
      #expect(bias == rolled.parameters["\(machine).rbm.visible-bias"])
    }
    // The code is linear: unbounded, and twice its input is twice the code.
    let last = try rolled.part("2.rbm").part
    let (x, zero) = (Tensor([[1.0, 2, 3, 4]]), Tensor.zeros([1, 4], dtype: .float64))
    #expect((last(x * 2) - last(zero) - (last(x) - last(zero)) * 2).abs().max().item() < 1e-13)
    // It happens at the start of that stage and no other.
    var other = rolled
    try definition.begin("pretrain-2", &other)
    #expect(sameBits(other.parameters.trainable, rolled.parameters.trainable))
  }

  @Test func itsStagesAreThePapers() throws {
    let stages = try Registries.standard.make(.model, "deep-autoencoder").stages
    #expect(stages.map(\.name) == ["pretrain-1", "pretrain-2", "pretrain-3", "pretrain-4", "fine-tune"])
    #expect(stages[3].settings["layer"] == "3.rbm")
    let rates = stages.map { $0.settings["optimizer"]?["learningRate"]?.numberValue }
    #expect(rates == [0.1, 0.1, 0.1, 0.001, 0.001])
    #expect(stages[4].settings["objective"] == "reconstruction")
  }

  private static func brief(_ changes: String...) throws -> Recipe {
    let few = ["epochs=1", "stages.fine-tune.epochs=1", "model.units=[12,8,2]", "split.test=0.8", "batchSize=60"]
    var recipe = try ZooTests.recipe("digits-deep-autoencoder")
    for change in few + changes { try recipe.set(change) }
    return recipe
  }

  /// A run that is interrupted just as the fine-tuning begins, or in it, is unrolled once.
  @Test func resumesToTheSameBits() throws {
    let folder = try ScratchFolder()
    func options(_ run: String) -> Trainer.Options {
      var options = Trainer.Options()
      options.output = folder[run]
      return options
    }
    let recipe = try Self.brief()
    let whole = try Trainer(recipe, in: .standard, options: options("whole")).run()
    var batches = 0
    let stop = {
      batches += 1
      return batches % 2 == 0
    }
    var result = try Trainer(recipe, in: .standard, options: options("parts")).run(shouldStop: stop)
    while result.isInterrupted {
      result = try Trainer(resuming: folder["parts"], in: .standard).run(shouldStop: stop)
    }
    #expect(sameBits(whole.model.parameters.trainable, result.model.parameters.trainable))
    #expect(result.history == whole.history && result.scores == whole.scores)
  }

  /// Each RBM's stage leaves the others and the decoder unchanged; fine-tuning separates decoder and encoder.
  @Test func aStageChangesItsMachineAlone() throws {
    let start = try Trainer(
      Self.brief("epochs=0", "stages.fine-tune.epochs=0"), in: .standard
    ).run().model.parameters
    let first = try Trainer(
      Self.brief("stages.pretrain-2.epochs=0", "stages.pretrain-3.epochs=0", "stages.fine-tune.epochs=0"), in: .standard
    ).run().model.parameters
    #expect(first["0.rbm.weight"] != start["0.rbm.weight"])
    #expect(first["1.rbm.weight"] == start["1.rbm.weight"] && first["2.rbm.weight"] == start["2.rbm.weight"])
    #expect(first["5.dense.weight"] == first["0.rbm.weight"].transposed())
    let whole = try Trainer(Self.brief(), in: .standard).run().model.parameters
    #expect(whole["5.dense.weight"] != whole["0.rbm.weight"].transposed())
  }

  @Test func learns() throws {
    let score = try #require(try ZooTests.run("digits-deep-autoencoder").scores["test"]?.values["squared-error"])
    #expect(score < 2.6)
  }
}
