import AviaryAutograd
import AviaryCore
import AviaryData
import AviaryLayers
import AviaryRegistry
import AviaryTestSupport
import AviaryTraining
import Testing

/// Replaces inputs by given ones: a known corruption.
private struct Replacement: Layer {
  let values: Tensor
  func declare(in builder: inout ParameterBuilder, input: Shape) throws -> Shape { input }
  func callAsFunction(_ input: Variable, _ parameters: Parameters, _ context: inout Context) -> Variable {
    Variable(values)
  }
}

/// The objective against PyTorch, and what it refuses.
struct ReconstructionTests {
  private static let stored: [GoldenCase] = (try? GoldenDocument("autoencoders", of: "LayersTests").cases) ?? []

  private static func loss(_ name: String) throws -> any Loss {
    let reduction: ConfigurationValue = name.hasSuffix("sum") ? "sum" : "mean"
    let loss = name.hasPrefix("cross") ? "sigmoid-cross-entropy" : "mean-squared-error"
    return try registries.make(.loss, loss, ["reduction": reduction])
  }

  private static func batch(_ inputs: Tensor) -> Batch {
    Batch(inputs: inputs, targets: nil, rows: Array(0..<inputs.shape[0]))
  }

  /// The stored case as a model; a mirrored stack is a chain of dense layers.
  private func model(_ stored: GoldenCase, _ input: Int) throws -> Model {
    let layer: any Layer
    if stored.value["kind"] == "layer" {
      layer = try registries.make(
        .layer, "autoencoder", try #require(try stored.field("configuration").objectValue))
    } else {
      let tied = stored.value["tied"] == true
      layer = Sequential {
        Dense(5, activation: Sigmoid())
        Dense(3)
        Dense(5, activation: Sigmoid(), tiedTo: tied ? "1.dense.weight" : nil)
        Dense(input, tiedTo: tied ? "0.dense.weight" : nil)
      }
    }
    var model = try Model(layer, input: [input], dtype: .float64, seed: 1)
    let values = try #require(try stored.field("parameters").objectValue)
    try model.parameters.load(
      NamedTensors(try values.map { ($0.key, try GoldenCase.tensor($0.value)) }))
    return model
  }

  @Test func theCasesAreThere() { #expect(Self.stored.count == 26) }

  @Test(arguments: stored) func agreesWithPyTorch(_ stored: GoldenCase) throws {
    let clean = try stored.tensor("input")
    let model = try model(stored, clean.shape[1])
    let loss = try Self.loss(try #require(stored.value["loss"]?.stringValue))
    let corruption = try stored.value["corrupted"].map { Replacement(values: try GoldenCase.tensor($0)) }
    let objective = Reconstruction(loss, corruption: corruption)
    let everything = try TrainedParameters(model, matching: ["*"])
    var state = ObjectiveState()
    let found = try objective.step(model, everything, Self.batch(clean), Context(.training), &state)
    #expect(abs(found.value - (try stored.number("value"))) < 1e-13)
    #expect(found.assessment.targets == clean)
    let output = try stored.tensor("output")
    let predictions = try #require(found.assessment.predictions)
    #expect((predictions - loss.predictions(output)).abs().max().item() < 1e-14)
    let gradients = try stored.field("parameterGradients")
    let expected = try model.parameters.entries.map {
      try GoldenCase.tensor(try #require(gradients[$0.name])).flattened()
    }
    #expect((found.gradient - Tensor.concatenate(expected)).abs().max().item() < 1e-13)

    // Evaluation corrupts nothing: as if the inputs replaced themselves.
    let measured = try objective.assess(model, Self.batch(clean))
    let same = try Reconstruction(loss, corruption: Replacement(values: clean))
      .step(model, everything, Self.batch(clean), Context(.training), &state)
    #expect(abs(measured.loss - same.value) < 1e-14)
    if stored.name.hasSuffix("masking") { #expect(abs(measured.loss - found.value) > 1e-3) }
  }

  @Test func hessianProductsAreDifferencesOfGradients() throws {
    let model = try Model(
      AutoencoderLayer(3, activation: Tanh()), input: [4], dtype: .float64, seed: 2)
    let objective = Reconstruction(SigmoidCrossEntropy())
    let batch = Self.batch(RandomSource(seed: 1).uniform([7, 4], in: 0..<1, dtype: .float64))
    let everything = try TrainedParameters(model, matching: ["*"])
    let direction = RandomSource(seed: 3).normal([everything.count], dtype: .float64)
    let product = try objective.hessianVectorProduct(direction, model, everything, batch, Context(.training))
    let gradients = try [1e-5, -1e-5].map { h in
      var (moved, state) = (model, ObjectiveState())
      everything.update(&moved.parameters) { $0 = $0 + direction * h }
      return try objective.step(moved, everything, batch, Context(.training), &state).gradient
    }
    #expect((product - (gradients[0] - gradients[1]) / 2e-5).abs().max().item() < 1e-7)
  }

  /// Another draw at each step, the same when a step is repeated, and not those of the model's own layers.
  @Test func theCorruptionIsAFunctionOfTheStep() throws {
    let network = Sequential {
      Dropout(0.5)
      Dense(6)
    }
    let model = try Model(network, input: [6], dtype: .float64, seed: 2)
    let everything = try TrainedParameters(model, matching: ["*"])
    let batch = Self.batch(Tensor.ones([5, 6], dtype: .float64))
    func gradient(_ corruption: (any Layer)?, step: Int) throws -> Tensor {
      var state = ObjectiveState()
      let context = Context(.training, random: RandomSource(seed: 4).at(step: step))
      return try Reconstruction(MeanSquaredError(), corruption: corruption)
        .step(model, everything, batch, context, &state).gradient
    }
    #expect(sameBits(try gradient(Dropout(0.5), step: 1), try gradient(Dropout(0.5), step: 1)))
    #expect(try gradient(Dropout(0.5), step: 1) != gradient(Dropout(0.5), step: 2))
    #expect(try gradient(Dropout(0.5), step: 1) != gradient(nil, step: 1))
  }

  @Test func whatDoesNotFitIsRefused() throws {
    let everything: (Model) throws -> TrainedParameters = { try TrainedParameters($0, matching: ["*"]) }
    func refusal(_ layer: any Layer, _ corruption: (any Layer)?) -> String? {
      message {
        let model = try Model(layer, input: [6], seed: 1)
        var state = ObjectiveState()
        _ = try Reconstruction(MeanSquaredError(), corruption: corruption)
          .step(model, everything(model), Self.batch(Tensor.ones([2, 6])), Context(.training), &state)
      }
    }
    #expect(refusal(Dense(6), nil) == nil)
    #expect(refusal(Dense(5), nil)?.contains("as many elements as the input, 6, but the model's output is [5]") == true)
    #expect(refusal(Dense(6), Dense(6))?.contains("'dense' cannot corrupt inputs [6]") == true)
    #expect(refusal(Dense(6), Reshape([2, 3]))?.contains("'reshape' cannot corrupt") == true)
  }

  @Test func theSquaredErrorIsARowsSum() {
    let (predictions, targets) = (Tensor([[1.0, 2], [3, 4]]), Tensor([[0.0, 2], [3, 1]]))
    let found = SquaredError().sum(predictions, targets)
    #expect(found?.sum == 10 && found?.count == 2)
    #expect(SquaredError().sum(predictions, targets.reshaped(to: [2, 1, 2]))?.sum == 10)
    #expect(SquaredError().sum(predictions, Tensor([0, 1])) == nil)
    #expect(AbsoluteError().sum(predictions, targets.reshaped(to: [2, 1, 2]))?.sum == 4)
    #expect(AbsoluteError().sum(predictions, Tensor([0, 1])) == nil)
  }
}
