import AviaryCore
import AviaryOptimizers
import AviaryRegistry
import AviaryTestSupport
import Testing

/// The module's registries.
func standardRegistries() throws -> Registries {
  var registries = Registries()
  try registries.registerOptimizers()
  return registries
}

/// f(x) = Σ cᵢ(dᵢ⁴/4 + dᵢ²/2) + κ Σ dᵢdᵢ₊₁, d = x − a: the function of the stored trajectories.
private struct StoredFunction {
  let a: [Double]
  let c: [Double]
  let coupling: Double

  init(_ document: GoldenDocument) throws {
    let function = try #require(document.root["function"])
    a = try #require(function["a"]?.arrayValue).map(GoldenCase.number)
    c = try #require(function["c"]?.arrayValue).map(GoldenCase.number)
    coupling = try #require(function["coupling"]?.numberValue)
  }

  func value(_ x: [Double]) -> Double {
    let d = zip(x, a).map { $0 - $1 }
    let own = d.indices.reduce(0) { $0 + c[$1] * (d[$1] * d[$1] * d[$1] * d[$1] / 4 + d[$1] * d[$1] / 2) }
    return own + coupling * d.indices.dropLast().reduce(0) { $0 + d[$1] * d[$1 + 1] }
  }

  /// The diagonal of the Hessian; the off-diagonal elements are the coupling.
  func curvature(_ x: [Double]) -> [Double] {
    x.indices.map { c[$0] * (3 * (x[$0] - a[$0]) * (x[$0] - a[$0]) + 1) }
  }

  /// An evaluation with all capabilities, for a matrix and a vector.
  func evaluation(at x: Tensor) -> Evaluation {
    func vector(_ values: [Double]) -> Tensor { Tensor(values, shape: [values.count]) }
    let curvature = curvature(x.scalars())
    return Evaluation(
      gradient: vector(gradient(x.scalars())), loss: value(x.scalars()),
      layout: [ParameterBlock("w", offset: 0, shape: [2, 2]), ParameterBlock("b", offset: 4, shape: [3])],
      at: { point in (value(point.scalars()), vector(gradient(point.scalars()))) },
      hessianVectorProduct: { v in
        let v: [Double] = v.scalars()
        return vector(
          v.indices.map {
            curvature[$0] * v[$0] + coupling * (($0 > 0 ? v[$0 - 1] : 0) + ($0 + 1 < v.count ? v[$0 + 1] : 0))
          })
      }, gaussNewtonProduct: { $0 * vector(curvature) }, diagonalCurvature: { vector(curvature) })
  }

  func gradient(_ x: [Double]) -> [Double] {
    let d = zip(x, a).map { $0 - $1 }
    return d.indices.map { i in
      let neighbors = (i > 0 ? d[i - 1] : 0) + (i + 1 < d.count ? d[i + 1] : 0)
      return c[i] * (d[i] * d[i] * d[i] + d[i]) + coupling * neighbors
    }
  }
}

@Suite struct OptimizerTests {
  let registries: Registries

  init() throws { registries = try standardRegistries() }

  @Test(arguments: try GoldenDocument("optimizers").cases)
  func followsTheStoredTrajectory(_ stored: GoldenCase) throws {
    try follow(stored, of: GoldenDocument("optimizers"), within: 1e-12)
    #expect(try stored.field("parameters").arrayValue?.count == 20)
  }

  @Test(arguments: try GoldenDocument("further-optimizers").cases)
  func followsTheStoredTrajectoryOfWhatAsksForMore(_ stored: GoldenCase) throws {
    try follow(stored, of: GoldenDocument("further-optimizers"), within: 1e-9)
  }

  private func follow(_ stored: GoldenCase, of document: GoldenDocument, within tolerance: Double) throws {
    let function = try StoredFunction(document)
    let hyperparameters = try #require(try stored.field("hyperparameters").objectValue)
    let name = try #require(try stored.field("optimizer").stringValue)
    let optimizer = try registries.make(.optimizer, name, hyperparameters)
    let start = try #require(document.root["start"]?.arrayValue).map(GoldenCase.number)
    let average = try stored.value["averages"]?.arrayValue?.map { try #require($0.arrayValue).map(GoldenCase.number) }
    let trajectory = try #require(try stored.field("parameters").arrayValue)
    #expect(trajectory.count > 5)

    var (parameters, state) = (Tensor(start, shape: [start.count]), OptimizerState())
    for (step, expected) in trajectory.enumerated() {
      try optimizer.update(&parameters, state: &state, from: function.evaluation(at: parameters))
      let wanted = try #require(expected.arrayValue).map(GoldenCase.number)
      let far = zip(parameters.scalars(as: Double.self), wanted).map { abs($0 - $1) }.max() ?? .infinity
      #expect(far < tolerance, "\(stored.name), step \(step + 1)")
      if let average {
        let solution = try #require(optimizer.solution(state)).scalars(as: Double.self)
        #expect(
          zip(solution, average[step]).allSatisfy { abs($0 - $1) < tolerance }, "\(stored.name), step \(step + 1)")
      }
    }
  }

  @Test func everyRuleHasATrajectoryOrACheckOfItsOwn() throws {
    let documents = try ["optimizers", "further-optimizers"].map { try GoldenDocument($0) }
    let stored = documents.flatMap(\.cases).compactMap { $0.value["optimizer"]?.stringValue }
    let own: Set = ["line-search"]  // LineSearchTests
    #expect(Set(stored).union(own) == Set(registries.entries(of: .optimizer).map(\.name)))
  }

  @Test(arguments: try standardRegistries().entries(of: .optimizer).map(\.name))
  func keepsTheLaws(_ name: String) {
    #expect(checkOptimizer(Specification(name), in: registries) == [])
  }

  @Test(
    arguments: [
      ("sgd", ["momentum": 0.9, "weightDecay": 0.01]), ("sgd", ["momentum": 0.9, "nesterov": true]),
      ("adagrad", ["initialSquares": 0.1, "weightDecay": 0.01]), ("rmsprop", ["momentum": 0.9]),
      ("rmsprop", ["centered": true, "weightDecay": 0.01]), ("rmsprop", ["centered": true, "momentum": 0.5]),
      ("adadelta", ["weightDecay": 0.01]), ("adam", ["amsgrad": true]), ("adam", ["weightDecay": 0.01]),
      ("adamw", ["amsgrad": true, "weightDecay": 0.1]), ("adamax", ["weightDecay": 0.01]),
      ("nadam", ["weightDecay": 0.01]), ("radam", ["beta2": 0.9]), ("lion", ["weightDecay": 0.1]),
      ("averaged-sgd", ["averageAfter": 5, "decay": 0.1]), ("lars", ["scalesVectors": true, "weightDecay": 0.01]),
      ("lamb", ["scalesVectors": true, "weightDecay": 0.01]), ("muon", ["nesterov": false]),
      ("rprop", ["shrink": 0.6, "growth": 1.1]), ("line-search", ["initialStep": 100, "shrink": 0.7]),
      ("adasecant", ["adagrad": false, "correctsAfter": 3]), ("vsgd", ["sharing": "tensor", "slowStart": 2]),
      ("vsgd", ["sharing": "all", "slowStart": 2]), ("lbfgs", ["memory": 2]),
      ("conjugate-gradient", ["formula": "dai-yuan", "restart": 3]), ("newton", ["control": "damping"]),
      ("newton", ["control": "none"]), ("gauss-newton", ["control": "trust-region"]),
      ("lookahead", ["optimizer": "sgd", "period": 2]), ("sharpness-aware", ["adaptive": true]),
      ("weight-average", ["optimizer": ["name": "lookahead", "optimizer": "nadam"], "decay": 0.5]),
      ("gradient-accumulation", ["batches": 2, "optimizer": ["name": "sgd", "momentum": 0.5]]),
    ] as [(String, ConfigurationObject)])
  func keepsTheLawsInOtherForms(_ name: String, _ configuration: ConfigurationObject) {
    #expect(checkOptimizer(Specification(name, configuration), in: registries) == [])
  }

  @Test func noTwoAreTheSame() throws {
    let gradients = (0..<6).flatMap { _ in [[1.0, -0.3], [0.5, 0.2], [-2.0, 0.1]] }
    let twins = checkDistinct(.optimizer, in: registries) { optimizer in
      var (parameters, state) = (Tensor([0.7, -1.1], shape: [2]), OptimizerState())
      for gradient in gradients {
        let gradient = Tensor(gradient, shape: [2])
        let evaluation = Evaluation(
          gradient: gradient, loss: 1, at: { _ in (0, gradient * 2) }, hessianVectorProduct: { $0 },
          gaussNewtonProduct: { $0 }, diagonalCurvature: { gradient.abs() })
        try optimizer.update(&parameters, state: &state, from: evaluation)
      }
      return (optimizer.solution(state) ?? parameters).scalars(as: Double.self)
    }
    #expect(twins == [])
  }

  @Test func adagradStartsFromItsInitialSquares() throws {
    // s = 5 + 2² = 9, then 9 + 4² = 25.
    var (parameters, state) = (Tensor([1.0], shape: [1]), OptimizerState())
    let optimizer = try Adagrad(learningRate: 0.5, initialSquares: 5, epsilon: 1e-300)
    optimizer.update(&parameters, state: &state, from: Evaluation(gradient: Tensor([2.0], shape: [1])))
    #expect(abs(parameters.item() - (1 - 0.5 * 2 / 3)) < 1e-15)
    optimizer.update(&parameters, state: &state, from: Evaluation(gradient: Tensor([4.0], shape: [1])))
    #expect(try #require(state.tensors["squares"]).item() == 25)
  }

  @Test func centeredRMSPropSurvivesConstantGradients() throws {
    var (parameters, state) = (Tensor.zeros([3]), OptimizerState())
    let optimizer = try RMSProp(learningRate: 1e-12, decay: 0.5, centered: true)
    let gradient = Tensor([0.1, 0.3, 7.7] as [Float], shape: [3])
    for _ in 0..<200 { optimizer.update(&parameters, state: &state, from: Evaluation(gradient: gradient)) }
    #expect(parameters.scalars(as: Double.self).allSatisfy { $0.isFinite })
  }

  @Test func rpropFollowsSigns() throws {
    var (parameters, state) = (Tensor([0.0, 0, 0], shape: [3]), OptimizerState())
    let optimizer = try Rprop(initialStep: 1, shrink: 0.5, growth: 2)
    func step(_ gradient: [Double]) -> [Double] {
      optimizer.update(&parameters, state: &state, from: Evaluation(gradient: Tensor(gradient, shape: [3])))
      return parameters.scalars()
    }
    #expect(step([1e-200, -3, 0]) == [-1, 1, 0])
    #expect(step([1e-200, 5, 2]) == [-3, 1, -1])  // twice the step; turned, so it stays; the first step
    #expect(step([-1, 5, 2]) == [-3, 0.5, -3])  // turned; half the step; twice the step
    #expect(state.tensors["steps"] == Tensor([1, 0.5, 2.0]))
  }

  @Test func progressOfTheCallerMovesTheSchedules() throws {
    let optimizer = try SGD(learningRate: StepSchedule(initial: 1, factor: 0.5, every: 1, unit: .epoch))
    var (parameters, state) = (Tensor([0.0], shape: [1]), OptimizerState())
    let gradient = Tensor([-1.0], shape: [1])
    for epoch in 0..<3 {
      let progress = TrainingProgress(step: 10 * epoch, epoch: epoch, stepsPerEpoch: 10, epochs: 3)
      optimizer.update(&parameters, state: &state, from: Evaluation(gradient: gradient, progress: progress))
    }
    #expect(parameters.item() == 1.75)
  }
}
