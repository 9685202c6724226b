import AviaryCore
import AviaryData
import AviaryLayers
import AviaryTraining
import Testing

/// The objective's gradient against differences of its value, in float64.
struct SupervisedTests {
  private let batch = Batch(
    inputs: RandomSource(seed: 1).normal([7, 4], dtype: .float64), targets: Tensor([0, 2, 1, 1, 0, 2, 2]),
    rows: Array(0..<7))

  private func model(_ regularizer: (any Regularizer)?) throws -> Model {
    try Model(
      Sequential {
        Dense(5, activation: Tanh(), weightRegularizer: regularizer)
        Dense(3, weightRegularizer: regularizer)
      }, input: [4], dtype: .float64, seed: 2)
  }

  private func step(_ model: Model, _ trained: TrainedParameters) throws -> ObjectiveStep {
    var state = ObjectiveState()
    return try Supervised(SoftmaxCrossEntropy()).step(model, trained, batch, Context(.training), &state)
  }

  /// The objective's values with one trained number moved by ±h, over 2h, for each.
  private func differences(_ model: Model, _ trained: TrainedParameters) throws -> Tensor {
    let h = 1e-6
    let slopes = try (0..<trained.count).map { element in
      let values = try [h, -h].map { shift in
        var moved = model
        trained.update(&moved.parameters) { vector in
          vector.withMutableScalars(as: Double.self) { $0[element] += shift }
        }
        return try step(moved, trained).value
      }
      return (values[0] - values[1]) / (2 * h)
    }
    return Tensor(slopes)
  }

  @Test(arguments: [nil, L2(0.3)] as [L2?], [["*"], ["*.bias"], ["1.*"], ["0.dense.weight"]])
  func theGradientIsThatOfTheValue(regularizer: L2?, patterns: [String]) throws {
    let model = try model(regularizer)
    let trained = try TrainedParameters(model, matching: patterns)
    let gradient = try step(model, trained).gradient
    #expect(gradient.spec == TensorSpec([trained.count], .float64))
    #expect((gradient - (try differences(model, trained))).abs().max().item() < 1e-8)
  }

  @Test func theValueIsTheMeanLossAndThePenalties() throws {
    let plain = try model(nil)
    let penalized = try model(L2(0.3))
    let everything = try TrainedParameters(plain, matching: ["*"])
    let loss = try step(plain, everything)
    let both = try step(penalized, everything)
    let weights = ["0.dense.weight", "1.dense.weight"].map { plain.parameters[$0].square().sum().item() }
    #expect(abs(loss.value - loss.assessment.loss) < 1e-15)
    #expect(abs(both.assessment.loss - loss.value) < 1e-15)
    #expect(abs(both.value - (loss.value + 0.3 * (weights[0] + weights[1]))) < 1e-12)
    // By hand: −log softmax of each row's label.
    let logarithms = plain(batch.inputs).logSoftmax().scalars(as: Double.self)
    let labels = batch.targets?.scalars(as: Int.self) ?? []
    let mean = labels.enumerated().reduce(0) { $0 - logarithms[$1.offset * 3 + $1.element] } / 7
    #expect(abs(loss.value - mean) < 1e-14)
  }

  @Test func hessianProductsAreDifferencesOfGradients() throws {
    let model = try model(L2(0.3))
    let trained = try TrainedParameters(model, matching: ["*"])
    let direction = RandomSource(seed: 3).normal([trained.count], dtype: .float64)
    let product = try Supervised(SoftmaxCrossEntropy())
      .hessianVectorProduct(direction, model, trained, batch, Context(.training))
    let gradients = try [1e-5, -1e-5].map { h in
      var moved = model
      trained.update(&moved.parameters) { $0 = $0 + direction * h }
      return try step(moved, trained).gradient
    }
    #expect((product - (gradients[0] - gradients[1]) / 2e-5).abs().max().item() < 1e-7)
  }

  @Test func predictionsAreProbabilities() throws {
    let model = try model(nil)
    let trained = try TrainedParameters(model, matching: ["*"])
    let predictions = try #require(try step(model, trained).assessment.predictions)
    #expect((predictions - model(batch.inputs).softmax()).abs().max().item() < 1e-15)
    let assessed = try Supervised(SoftmaxCrossEntropy()).assess(model, batch)
    #expect((try #require(assessed.predictions) - predictions).abs().max().item() == 0)
    #expect(assessed.loss == (try step(model, trained).value))
  }
}
