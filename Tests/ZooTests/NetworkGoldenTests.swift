import AviaryCore
import AviaryData
import AviaryLayers
import AviaryRegistry
import AviaryTestSupport
import AviaryTraining
import AviaryZoo
import Testing

@Suite struct NetworkGoldenTests {
  /// Outputs, losses and gradients against PyTorch in float64.
  @Test(arguments: try GoldenDocument("networks").cases) func agreesWithPyTorch(_ stored: GoldenCase) throws {
    let definition = try Registries.standard.make(.model, Specification(stored.field("model")))
    let image = stored.value["image"]?.arrayValue?.compactMap(\.integerValue) ?? []
    let classes = try #require(stored.value["classes"]?.integerValue)
    var model = try definition.built(for: Shape(image), classes: classes, dtype: .float64, seed: 1)
    func tensors(_ key: String) throws -> NamedTensors {
      try (stored.field(key).objectValue ?? [:]).reduce(into: [:]) { $0[$1.key] = try GoldenCase.tensor($1.value) }
    }
    try model.parameters.load(tensors("parameters"))
    let batch = Batch(inputs: try stored.tensor("input"), targets: try stored.tensor("labels"), rows: [0, 1, 2])
    #expect(mismatch(model(batch.inputs), try stored.tensor("output"), tolerance: 1e-11) == nil)
    let trained = try TrainedParameters(model, matching: ["*"])
    var memory = ObjectiveState()
    let found = try Supervised(SoftmaxCrossEntropy()).step(model, trained, batch, Context(.training), &memory)
    #expect(abs(found.value - (try stored.number("loss"))) < 1e-12)
    let gradients = try tensors("gradients")
    let expected = try model.parameters.entries.map { try #require(gradients[$0.name]).flattened() }
    #expect(mismatch(found.gradient, Tensor.concatenate(expected), tolerance: 1e-11) == nil)
  }

  /// The numbers of parameters stated or implied by the sources.
  @Test(arguments: [
    ("mnist-logistic-theano", 7850), ("mnist-mlp", 397_510),
    // 25·20 + 20, 500·50 + 50, 800·500 + 500, 500·10 + 10.
    ("mnist-lenet", 520 + 25_050 + 400_500 + 5010),
    ("mnist-dropout", 784 * 898 + 898 + 898 * 1532 + 1532 + 1532 * 10 + 10),
    ("mnist-maxout", 785 * 1200 + 241 * 1200 + 2410),
    // Images of 28, 21, 10, 9, 4, 6 and 3 pixels.
    ("mnist-maxout-conv", 64 * 96 + 96 + 3072 * 96 + 96 + 1200 * 96 + 96 + 216 * 10 + 10),
  ])
  func parameterCounts(_ name: String, _ count: Int) throws {
    let recipe = try ZooTests.recipe(name).resolved(in: .standard)
    let model = try recipe.buildModel(for: LearningTask(input: .image(28, 28, 1), classes: 10))
    #expect(model.parameters.trainableCount == count)
  }

  /// Convolutions as the tutorial: ±√(6 / (in + out)) with the fan-out divided by the pooling's area; the output from
  /// zero.
  @Test func lenetBeginsAsTheTutorial() throws {
    let model = try Registries.standard.make(.model, "lenet").built(for: .image(28, 28, 1), classes: 10, seed: 1)
    for (name, bound) in [
      ("0.conv2d", 0.2), ("3.conv2d", (6.0 / (500 + 312)).squareRoot()), ("7.dense", (6.0 / 1300).squareRoot()),
    ] {
      let greatest = model.parameters["\(name).weight"].abs().max().item()
      #expect(greatest <= bound && greatest > 0.97 * bound, "\(name)")
      #expect(model.parameters["\(name).bias"].abs().max().item() == 0)
    }
    #expect(model.parameters["8.dense.weight"].abs().max().item() == 0)
  }
}
