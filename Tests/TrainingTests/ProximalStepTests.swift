import AviaryAutograd
import AviaryCore
import AviaryData
import AviaryLayers
import AviaryOptimizers
import AviaryRegistry
import AviaryTraining
import Testing

/// Penalties of absolute values that make exact zeros.
@Suite struct ProximalStepTests {
  /// Twelve rows of five inputs; targets depend on two of them and a disturbance.
  private var batch: Batch {
    var (inputs, targets): ([Double], [Double]) = ([], [])
    for i in 0..<12 {
      var row: [Double] = []
      for j in 0..<5 {
        let number = 7 * i + 3 * j * j + 5 * i * j + i * i
        row.append(Double(number % 11 - 5) / 4)
      }
      let disturbance = Double((5 * i + 2) % 7 - 3) / 10
      inputs += row
      targets.append(1.5 * row[0] - 0.75 * row[2] + disturbance)
    }
    return Batch(
      inputs: Tensor(inputs).reshaped(to: [12, 5]), targets: Tensor(targets).reshaped(to: [12, 1]),
      rows: Array(0..<12))
  }

  /// The weights after a thousand steps of gradient descent on the mean squared error and a penalty.
  private func weights(_ penalty: some Regularizer) throws -> [Double] {
    var model = try Model(
      Dense(1, bias: false, weightRegularizer: penalty), input: [5], dtype: .float64, seed: 1)
    let trained = try TrainedParameters(model, matching: ["*"])
    let (objective, optimizer) = (Supervised(MeanSquaredError()), try SGD(learningRate: 0.2))
    var (memory, state) = (ObjectiveState(), OptimizerState())
    for step in 0..<1000 {
      let progress = TrainingProgress(step: step)
      let found = try objective.step(model, trained, batch, Context(.training, progress: progress), &memory)
      let rate = optimizer.gradientStep(at: progress)
      trained.update(&model.parameters, after: found, gradientStep: rate) {
        optimizer.update(&$0, state: &state, from: Evaluation(gradient: found.gradient, progress: progress))
      }
    }
    return model.parameters["weight"].scalars(as: Double.self)
  }

  /// The reference is scikit-learn's `Lasso(alpha=0.1, fit_intercept=False, tol=1e-15)`, which halves the mean squared
  /// error: the same minimum as of the rate 0.2 beside the whole.
  @Test func zerosAreThoseOfTheLasso() throws {
    let expected = [1.3386328617453425, 0, -0.5057641126208152, 0, 0]
    let found = try weights(L1(0.2, proximal: true))
    for (found, expected) in zip(found, expected) {
      #expect(expected == 0 ? found == 0 && found.sign == .plus : abs(found - expected) < 1e-12)
    }
    // With gradients alone, none is 0.
    #expect(try weights(L1(0.2)).allSatisfy { $0 != 0 })
  }

  /// The reference is scikit-learn's `ElasticNet(alpha=0.2, l1_ratio=0.5, fit_intercept=False, tol=1e-15)`: 0.1·Σ|w| +
  /// 0.05·Σw² beside half of the error.
  @Test func zerosAreThoseOfTheElasticNet() throws {
    let expected = [1.1964386728145107, 0, -0.3817072475918005, 0, 0]
    for (found, expected) in zip(try weights(L1L2(l1: 0.2, l2: 0.1, proximal: true)), expected) {
      #expect(expected == 0 ? found == 0 : abs(found - expected) < 1e-12)
    }
  }

  @Test func thePenaltyCountsAndHasNoDerivative() throws {
    let parameter = Variable(tracking: Tensor([1.0, -2.0]))
    let penalty = L1(0.5, proximal: true)(parameter)
    #expect(penalty.value.item() == 1.5 && !penalty.isTracked)
    let both = L1L2(l1: 0.5, l2: 0.25, proximal: true)(parameter)
    #expect(both.value.item() == 2.75)
    #expect(try both.gradients(withRespectTo: [parameter])[0].value.scalars(as: Double.self) == [0.5, -1])
  }

  @Test func aRecipeHasThemToo() throws {
    let layer =
      #"{"name":"dense","units":2,"weightRegularizer":{"name":"l1","rate":10,"proximal":true}}"#
    let model = #"model={"name":"chain","layers":[\#(layer)]}"#
    let result = try Trainer(
      recipe(model, #"optimizer={"name":"sgd","learningRate":0.1,"momentum":0}"#), in: registries
    ).run()
    #expect(result.model.parameters["0.dense.weight"].abs().max().item() == 0)
    #expect(result.model.parameters["0.dense.bias"].abs().max().item() > 0)
    for optimizer in [#"{"name":"adam"}"#, #"{"name":"sgd","momentum":0.5}"#, #"{"name":"rprop"}"#] {
      let refusal = message { _ = try Trainer(recipe(model, "optimizer=\(optimizer)"), in: registries) }
      #expect(refusal?.contains("the penalty of '0.dense.weight' is proximal") == true, "\(refusal ?? "nothing")")
      #expect(refusal?.contains("use 'sgd' without momentum") == true)
    }
    // Untrained parameters take no steps.
    let held = message {
      _ = try Trainer(recipe(model, "optimizer=adam", #"parameters=["*.bias"]"#), in: registries)
    }
    #expect(held == nil)
  }
}
