import AviaryCore
import AviaryLayers
import AviaryRegistry
import AviaryTestSupport
import AviaryTraining
import AviaryZoo
import Testing

/// The models `autoencoder` and `denoising-autoencoder`: their layers, encoding and decoding.
@Suite struct AutoencoderTests {
  static let stacks: [GoldenCase] = {
    let cases = (try? GoldenDocument("autoencoders", of: "LayersTests").cases) ?? []
    return cases.filter { $0.value["kind"] == "stack" }
  }()

  static func definition(_ name: String, _ configuration: ConfigurationObject) throws -> any EncodingModel {
    try #require(try Registries.standard.make(.model, name, configuration) as? any EncodingModel)
  }

  private static func greatest(_ tensor: Tensor) -> Double { tensor.abs().max().item() }

  @Test func theCasesAreThere() { #expect(Self.stacks.count == 4) }

  @Test(arguments: stacks, ["autoencoder", "denoising-autoencoder"])
  func agreesWithPyTorch(_ stored: GoldenCase, _ name: String) throws {
    let isCrossEntropy = stored.value["loss"]?.stringValue?.hasPrefix("cross") == true
    var configuration: ConfigurationObject = ["codeActivation": "identity"]
    configuration["units"] = try stored.field("units")
    configuration["tied"] = try stored.field("tied")
    configuration["loss"] = isCrossEntropy ? "sigmoid-cross-entropy" : "mean-squared-error"
    let definition = try Self.definition(name, configuration)
    let inputs = try stored.tensor("input")
    var model = try definition.built(for: [inputs.shape[1]], dtype: .float64, seed: 1)
    let values = try #require(try stored.field("parameters").objectValue)
    #expect(model.parameters.entries.map(\.name) == values.keys)
    try model.parameters.load(
      NamedTensors(try values.map { ($0.key, try GoldenCase.tensor($0.value)) }))
    let codes = try definition.codes(model, of: inputs)
    #expect(Self.greatest(codes - (try stored.tensor("code"))) < 1e-14)
    let output = try stored.tensor("output")
    let expected = isCrossEntropy ? output.sigmoid() : output
    #expect(Self.greatest(try definition.reconstructions(model, of: inputs) - expected) < 1e-14)
    #expect(Self.greatest(try definition.reconstructions(model, from: codes) - expected) < 1e-14)
  }

  @Test func reconstructionsAreShapedAsInputs() throws {
    let definition = try Self.definition("autoencoder", ["units": [5, 2]])
    let model = try definition.built(for: .image(3, 4, 1), seed: 1)
    let images = RandomSource(seed: 2).uniform([7, 3, 4, 1])
    #expect(try definition.codes(model, of: images).shape == [7, 2])
    #expect(try definition.reconstructions(model, of: images).shape == [7, 3, 4, 1])
    // Codes of sigmoid units are between 0 and 1, unless they have another activation.
    #expect(try definition.codes(model, of: images).min().item() > 0)
    let free = try Self.definition("autoencoder", ["units": [5, 2], "codeActivation": "identity"])
    #expect(try free.codes(try free.built(for: .image(3, 4, 1), seed: 1), of: images).min().item() < 0)
  }

  @Test func theProposalHoldsLossAndCorruption() throws {
    let plain = try Registries.standard.make(.model, "autoencoder")
    let stages = try plain.stages
    #expect(stages.map(\.name) == ["train"])
    #expect(stages[0].settings["objective"] == "reconstruction")
    #expect(stages[0].settings["objective"]?["corruption"] == nil)
    let noisy = try Registries.standard.make(.model, "denoising-autoencoder", ["loss": "mean-squared-error"])
    let objective = try #require(try noisy.stages[0].settings["objective"])
    #expect(objective["corruption"] == "masking-noise")
    #expect(objective["loss"] == ["name": "mean-squared-error"] || objective["loss"] == "mean-squared-error")
  }

  @Test func mistakesAreToldWithTheirPlace() throws {
    func refusal(_ configuration: ConfigurationObject) -> String? {
      do {
        _ = try Registries.standard.make(.model, "denoising-autoencoder", configuration)
        return nil
      } catch { return (error as? ConfigurationError)?.path.description ?? "\(error)" }
    }
    #expect(refusal(["units": []]) == "units")
    #expect(refusal(["units": [3, 0]]) == "units.1")
    #expect(refusal(["corruption": "masking-nose"]) == "corruption")
    #expect(refusal(["loss": ["name": "mean-squared-error", "reduction": "product"]]) == "loss.reduction")
    // A layer with parameters cannot corrupt inputs, which is reported before training.
    #expect(throws: ModelError.self) {
      _ = try ZooTests.run("digits-denoising-autoencoder", #"model.corruption={"name":"dense","units":64}"#)
    }
  }

  /// Each learns: the squared error of the test rows is far below that of the mean image.
  @Test(arguments: [("digits-autoencoder", 2.6), ("digits-denoising-autoencoder", 1.0)])
  func learns(_ name: String, _ most: Double) throws {
    let result = try ZooTests.run(name)
    let score = try #require(result.scores["test"]?.values["squared-error"])
    #expect(score < most)
  }

  /// With noise in training, the filled-in pixels of masked digits are nearer to the truth.
  @Test func denoisingFillsIn() throws {
    let data = try ZooTests.recipe("digits-autoencoder").resolved(in: .standard).prepare()
    let images = data.test.inputs
    let masked =
      images
      * RandomSource(seed: 3).sample(
        probabilities: Tensor(repeating: 0.7, shape: images.shape, dtype: .float32))
    func error(_ changes: String...) throws -> Double {
      var recipe = try ZooTests.recipe("digits-denoising-autoencoder")
      for change in changes { try recipe.set(change) }
      let definition = try #require(try recipe.resolved(in: .standard).model as? any EncodingModel)
      let model = try Trainer(recipe, in: .standard).run().model
      return (try definition.reconstructions(model, of: masked) - images).square().sum().item()
    }
    #expect(try error() < 0.7 * (try error("model.corruption=null")))
  }
}
