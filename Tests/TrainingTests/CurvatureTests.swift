import AviaryAutograd
import AviaryCore
import AviaryData
import AviaryLayers
import AviaryTraining
import Testing

/// Gauss–Newton products and the curvature of each parameter, against an explicit matrix JᵀHJ.
@Suite struct CurvatureTests {
  private static let inputs = RandomSource(seed: 1).normal([6, 3], dtype: .float64)

  /// Losses with their targets, for three outputs.
  static let losses: [(loss: any Loss, target: Tensor)] = [
    (SoftmaxCrossEntropy(), Tensor([0, 2, 1, 1, 0, 2])),
    (SoftmaxCrossEntropy(labelSmoothing: 0.2), Tensor([0, 2, 1, 1, 0, 2])),
    (SigmoidCrossEntropy(), RandomSource(seed: 5).uniform([6, 3], dtype: .float64)),
    (SigmoidCrossEntropy(reduction: .sum), RandomSource(seed: 5).uniform([6, 3], dtype: .float64)),
    (MeanSquaredError(), RandomSource(seed: 6).normal([6, 3], dtype: .float64)),
    (MeanSquaredError(reduction: .sum), RandomSource(seed: 6).normal([6, 3], dtype: .float64)),
  ]

  private func model(_ regularizer: (any Regularizer)? = nil) throws -> Model {
    try Model(
      Sequential {
        Dense(2, activation: Tanh(), weightRegularizer: regularizer)
        Dense(3)
      }, input: [3], dtype: .float64, seed: 2)
  }

  /// JᵀHJ of the mean loss, from the Jacobian of the outputs and the Hessian of the loss with respect to them.
  private func matrix(_ model: Model, _ loss: any Loss, _ target: Tensor) throws -> Tensor {
    let count = model.parameters.trainable.elementCount
    func outputs(_ vector: Variable) -> Variable {
      let variables = model.parameters.entries.map { entry in
        vector[entry.offset..<entry.offset + entry.elementCount].reshaped(to: entry.shape)
      }
      var context = Context(.training)
      return model.forward(Variable(Self.inputs), variables, &context)
    }
    let slopes = try jacobian(at: model.parameters.trainable) { outputs($0) }.reshaped(to: [18, count])
    let output = outputs(Variable(model.parameters.trainable)).value
    let bend = try hessian(at: output) { try loss($0, Variable(target)).mean() }.reshaped(to: [18, 18])
    return slopes.transposed().matmul(bend).matmul(slopes)
  }

  @Test(arguments: losses.indices) func productsAreThoseOfTheMatrix(_ index: Int) throws {
    let (loss, target) = Self.losses[index]
    let model = try model()
    let trained = try TrainedParameters(model, matching: ["*"])
    let batch = Batch(inputs: Self.inputs, targets: target, rows: Array(0..<6))
    let v = RandomSource(seed: 3).normal([trained.count], dtype: .float64)
    let product = try Supervised(loss).gaussNewtonProduct(v, model, trained, batch, Context(.training))
    let expected = try matrix(model, loss, target).matmul(v.reshaped(to: [-1, 1])).flattened()
    #expect((product - expected).abs().max().item() < 1e-12)
  }

  @Test(arguments: losses.indices) func theCurvatureIsTheDiagonalInTheMean(_ index: Int) throws {
    let (loss, target) = Self.losses[index]
    let model = try model()
    let trained = try TrainedParameters(model, matching: ["*"])
    let batch = Batch(inputs: Self.inputs, targets: target, rows: Array(0..<6))
    let count = 3000
    let random = RandomSource(seed: 7)
    var sum = Tensor.zeros([trained.count], dtype: .float64)
    for draw in 0..<count {
      let context = Context(.training, random: random.at(step: draw))
      let found = try Supervised(loss).diagonalCurvature(model, trained, batch, context)
      #expect(found.min().item() >= 0)
      sum = sum + found / Double(count)
    }
    let matrix = try matrix(model, loss, target)
    let diagonal = Tensor((0..<trained.count).map { matrix[$0, $0].item() })
    #expect(((sum - diagonal).abs() / diagonal.max().item()).max().item() < 0.06)
  }

  @Test func penaltiesHaveTheirCurvature() throws {
    let (loss, target) = Self.losses[0]
    let (plain, penalized) = (try model(), try model(L2(0.3)))
    let trained = try TrainedParameters(plain, matching: ["*"])
    let batch = Batch(inputs: Self.inputs, targets: target, rows: Array(0..<6))
    let v = RandomSource(seed: 3).normal([trained.count], dtype: .float64)
    let context = Context(.training, random: RandomSource(seed: 4))
    func difference(_ body: (Model) throws -> Tensor) rethrows -> [Double] {
      try (body(penalized) - body(plain)).scalars()
    }
    // 0.3·w² has the curvature 0.6; the weights of the first layer are the first six numbers.
    let products = try difference { try Supervised(loss).gaussNewtonProduct(v, $0, trained, batch, context) }
    let bends = try difference { try Supervised(loss).diagonalCurvature($0, trained, batch, context) }
    for (index, name) in plain.parameters.entries.flatMap({ e in (0..<e.elementCount).map { _ in e.name } })
      .enumerated()
    {
      let bend = name == "0.dense.weight" ? 0.6 : 0
      #expect(abs(products[index] - bend * v[index].item()) < 1e-12 && abs(bends[index] - bend) < 1e-12, "\(name)")
    }
  }

  @Test func aLossWithoutARootHasTheHessians() throws {
    // z ⊙ H·z of a random sign for each parameter.
    let model = try model()
    let trained = try TrainedParameters(model, matching: ["1.dense.bias"])
    let batch = Batch(
      inputs: Self.inputs, targets: RandomSource(seed: 6).normal([6, 3], dtype: .float64), rows: Array(0..<6))
    let found = try Supervised(LogCosh()).diagonalCurvature(
      model, trained, batch, Context(.training, random: RandomSource(seed: 4)))
    // The loss of a row is a mean of log cosh d: each bias bends it by (1 − tanh² d)/3, and no other's.
    let d = model(Self.inputs) - (batch.targets ?? Self.inputs)
    let expected = (1 - d.tanh().square()).mean(axes: [0]) / 3
    #expect((found - expected).abs().max().item() < 1e-12)
  }
}
