import AviaryCore
import AviaryOptimizers
import AviaryRegistry
import AviaryTestSupport
import Testing

@Suite struct ConfigurationTests {
  let registries: Registries

  init() throws { registries = try standardRegistries() }

  @Test(arguments: try standardRegistries().entries) func everyEntryKeepsTheLaws(_ entry: Entry) {
    #expect(checkRegistrable(entry, in: registries, requiresFormula: true) == [])
  }

  private func failure(_ name: String, _ configuration: ConfigurationObject) -> String {
    do {
      _ = try registries.make(.optimizer, name, configuration)
      return "no error"
    } catch { return "\(error)" }
  }

  @Test func wrongValuesAreNamedWithTheirPlace() {
    #expect(failure("sgd", ["learningRate": -1]) == "learningRate: expected a number above 0, found -1.0")
    #expect(failure("sgd", ["learningRate": 0]) == "learningRate: expected a number above 0, found 0.0")
    #expect(failure("sgd", ["momentum": 1]) == "momentum: expected a number in [0, 1), found 1.0")
    #expect(failure("adam", ["epsilon": 0]) == "epsilon: expected a number above 0, found 0.0")
    #expect(failure("adamw", ["beta2": 1]) == "beta2: expected a number in [0, 1), found 1.0")
    #expect(failure("rmsprop", ["decay": -0.1]).hasPrefix("decay: expected a number in [0, 1)"))
    #expect(failure("adadelta", ["weightDecay": -1]) == "weightDecay: expected a number of at least 0, found -1.0")
    #expect(failure("line-search", ["shrink": 1]).hasPrefix("shrink: expected a number in (0, 1)"))
    #expect(failure("line-search", ["growth": 0.5]) == "growth: expected a number of at least 1, found 0.5")
    #expect(failure("adam", ["learningRat": 1]).hasPrefix("learningRat: unknown key; did you mean 'learningRate'?"))
  }

  @Test func wrongSchedulesAreNamedWithTheirPlace() {
    #expect(
      failure("sgd", ["learningRate": ["name": "exponentail", "initial": 1]]).hasPrefix(
        "learningRate: unknown schedule 'exponentail'; did you mean 'exponential'?"))
    #expect(
      failure("sgd", ["learningRate": ["name": "step", "initial": 1, "every": 0]])
        == "learningRate.every: expected a whole number above 0, found 0")
    #expect(failure("adam", ["learningRate": "step"]) == "learningRate.initial: missing; expected a number")
    #expect(
      failure("sgd", ["learningRate": ["name": "step", "initial": 1, "unit": "epochs"]])
        == "learningRate.unit: expected one of \"step\", \"epoch\", found \"epochs\"; did you mean 'epoch'?")
    // Values that would come later in the training.
    #expect(
      failure("sgd", ["momentum": ["name": "linear", "from": 0.5, "to": 1.5, "over": 10]])
        == "momentum: expected values in [0, 1), found values from 0.5 to 1.5")
    #expect(
      failure("adam", ["learningRate": ["name": "linear", "from": 0.5, "to": -0.5, "over": 10]])
        == "learningRate: expected values above 0, found values from -0.5 to 0.5")
    #expect(failure("adam", ["learningRate": ["name": "cosine", "from": 0.5, "over": 10]]) == "no error")
    #expect(failure("adam", ["learningRate": ["name": "linear", "from": 0, "to": 1, "over": 10]]) == "no error")
    #expect(
      failure("adam", ["learningRate": ["name": "constant", "value": 0]])
        == "learningRate: expected a number above 0, found 0.0")
  }

  @Test func typedInitializersCheckTheSame() throws {
    #expect(throws: ConfigurationError.self) { try SGD(learningRate: -1.0) }
    #expect(throws: ConfigurationError.self) { try SGD(momentum: 1.0) }
    #expect(throws: ConfigurationError.self) { try Adam(beta1: 1) }
    #expect(throws: ConfigurationError.self) { try Adam(learningRate: Double.nan) }
    #expect(throws: ConfigurationError.self) { try Adagrad(initialSquares: -1) }
    #expect(throws: ConfigurationError.self) { try Rprop(initialStep: 100) }
    #expect(throws: ConfigurationError.self) { try Rprop(growth: 0.9) }
    #expect(throws: ConfigurationError.self) { try Rprop(minimumStep: 2, maximumStep: 1) }
    #expect(throws: ConfigurationError.self) { try ClippingByGlobalNorm(threshold: 0) }
    #expect(throws: ConfigurationError.self) { try StepSchedule(initial: .infinity) }
  }

  @Test func typedInitializersMakeWhatConfigurationsMake() throws {
    func end(_ optimizer: any Optimizer) throws -> [Double] {
      var (parameters, state) = (Tensor([0.7, -1.1], shape: [2]), OptimizerState())
      for gradient in [[1.0, -0.3], [0.5, 0.2]] {
        let evaluation = Evaluation(gradient: Tensor(gradient, shape: [2]), loss: 1) { _ in (0, Tensor.zeros([2])) }
        try optimizer.update(&parameters, state: &state, from: evaluation)
      }
      return parameters.scalars()
    }
    let typed: [(String, ConfigurationObject, any Optimizer)] = [
      ("sgd", [:], SGD()), ("adagrad", [:], Adagrad()), ("rmsprop", [:], RMSProp()),
      ("adadelta", [:], Adadelta()), ("adam", [:], Adam()), ("adamw", [:], AdamW()),
      ("adamax", [:], Adamax()), ("rprop", [:], Rprop()), ("nadam", [:], NAdam()),
      ("radam", [:], RAdam()), ("lion", [:], Lion()), ("averaged-sgd", [:], AveragedSGD()), ("lars", [:], LARS()),
      ("lamb", [:], LAMB()), ("muon", [:], Muon()),
      ("line-search", [:], LineSearch()),
      ("sgd", ["learningRate": 0.1, "momentum": 0.9], try SGD(learningRate: 0.1, momentum: 0.9)),
      (
        "adam", ["learningRate": ["name": "exponential", "initial": 0.1, "factor": 0.5]],
        try Adam(learningRate: ExponentialSchedule(initial: 0.1, factor: 0.5))
      ),
    ]
    for (name, configuration, optimizer) in typed {
      #expect(try end(optimizer) == end(registries.make(.optimizer, name, configuration)), "\(name)")
    }
  }
}
