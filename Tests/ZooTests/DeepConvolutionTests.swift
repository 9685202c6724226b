import AviaryCore
import AviaryLayers
import AviaryRegistry
import AviaryTraining
import AviaryZoo
import Testing

/// The models `vgg`, `resnet` and `convolutional-autoencoder`: their layers, and that they learn.
@Suite struct DeepConvolutionTests {
  private func definition(_ name: String, _ configuration: ConfigurationObject = [:]) throws -> any ModelDefinition {
    try Registries.standard.make(.model, name, configuration)
  }

  @Test func vggIsBlocksOfConvolutions() throws {
    let vgg = try definition(
      "vgg", ["blocks": [["filters": 4, "convolutions": 2], ["filters": 6, "convolutions": 1]], "units": [5]])
    let model = try vgg.built(for: .image(8, 9, 2), classes: 3, seed: 1)
    let weights = model.parameters.entries.filter { $0.name.hasSuffix("weight") }.map(\.shape)
    #expect(weights == [[3, 3, 2, 4], [3, 3, 4, 4], [3, 3, 4, 6], [2 * 2 * 6, 5], [5, 3]])
    let normalized = try definition("vgg", ["normalization": "batch-norm"]).built(
      for: .image(8, 8, 1), classes: 3, seed: 1)
    let names = normalized.parameters.entries.map(\.name)
    #expect(names.filter { $0.hasSuffix("conv2d.bias") }.isEmpty)
    #expect(names.filter { $0.hasSuffix("batch-norm.scale") }.count == 4)
  }

  /// He and others: 6n + 2 layers, 0.27 million parameters for n = 3 on CIFAR-10. Theirs pad channels in the shortcuts;
  /// ours have a convolution.
  @Test func resnetIsStagesOfResidualBlocks() throws {
    let model = try definition("resnet", ["blocks": [3, 3, 3]]).built(for: .image(32, 32, 3), classes: 10, seed: 1)
    let trained = model.parameters.entries.filter(\.isTrainable)
    let layers = trained.filter { $0.name.hasSuffix("weight") && !$0.name.contains("shortcut") }
    #expect(layers.count == 20)
    let count = trained.filter { !$0.name.contains("shortcut") }.reduce(0) { $0 + $1.elementCount }
    #expect(count == 269_722)
    #expect(layers.last?.shape == [64, 10])
    let grouped = try definition("resnet", ["normalization": ["name": "group-norm", "groups": 4]]).built(
      for: .image(9, 7, 1), classes: 2, seed: 1)
    #expect(grouped(Tensor.zeros([2, 9, 7, 1])).shape == [2, 2])
    #expect(throws: ConfigurationError.self) { try ResNet(blocks: []) }
    #expect(throws: ConfigurationError.self) { try ResNet(blocks: Array(repeating: 1, count: 17)) }
  }

  /// Sizes that halving rounds up are restored.
  @Test(arguments: [(8, 8), (7, 5), (9, 12), (1, 3)]) func aConvolutionalAutoencoderGivesImages(
    _ height: Int, _ width: Int
  ) throws {
    let definition = try ConvolutionalAutoencoder(filters: [3, 4], code: 5)
    let model = try definition.built(for: .image(height, width, 2), seed: 1)
    let images = RandomSource(seed: 2).uniform([3, height, width, 2])
    #expect(try definition.codes(model, of: images).shape == [3, 5])
    let reconstructions = try definition.reconstructions(model, of: images)
    #expect(reconstructions.shape == images.shape)
    #expect(reconstructions.min().item() > 0 && reconstructions.max().item() < 1)
  }

  @Test(arguments: ["vgg", "resnet", "convolutional-autoencoder"]) func whatIsNoImageIsRefused(_ name: String) throws {
    let error = #expect(throws: ModelError.self) { try definition(name).built(for: [12], classes: 3, seed: 1) }
    #expect(error?.description.contains("the model '\(name)' takes images") == true)
  }

  /// A shortened training learns most of what the recipes learn.
  @Test func theyLearn() throws {
    let digits = ["data=digits", #"transforms=[{"name":"scale","divisor":16}]"#]
    let vgg = try ZooTests.run("digits-vgg", "epochs=6")
    #expect(try #require(vgg.scores["test"]?.values["accuracy"]) > 0.95)
    let resnet = try ZooTests.run("fonts-resnet", digits[0], digits[1], "epochs=3", "model.filters=8")
    #expect(try #require(resnet.scores["test"]?.values["accuracy"]) > 0.93)
    let autoencoder = try ZooTests.run(
      "fonts-convolutional-autoencoder", digits[0], digits[1], "epochs=20", "model.filters=[16]", "model.code=16",
      "optimizer.learningRate=0.005")
    // The mean image has an error of 4.7.
    #expect(try #require(autoencoder.scores["test"]?.values["squared-error"]) < 1)
  }
}
