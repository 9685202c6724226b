import AviaryCore
import AviaryData
import AviaryLayers
import AviaryRegistry
import AviaryTestSupport
import AviaryTraining
import AviaryZoo
import Testing

@Suite struct ContrastiveDivergenceTests {
  /// The exact gradient is the slope of the exact likelihood.
  @Test func theExactGradientIsTheLikelihoodsSlope() throws {
    let small = try SmallMachine()
    func likelihood(_ change: Tensor) throws -> Double {
      var moved = small
      moved.model.parameters.trainable = moved.model.parameters.trainable + change
      return try moved.machine.logLikelihood(small.data).mean().item()
    }
    let gradient = Tensor.concatenate(try small.exactGradient().map { $0.flattened() })
    for element in [0, 5, 11, 12, 14, 15, 18] {
      let step = Tensor([element]).oneHot(classes: gradient.elementCount, dtype: .float64).flattened() * 1e-5
      let slope = (try likelihood(step) - likelihood(step * -1)) / 2e-5
      #expect(abs(slope + gradient.scalar(at: element)) < 1e-9)
    }
  }

  /// Chains and positions in a checkpoint are not trusted.
  @Test func whatItRemembersIsChecked() throws {
    let small = try SmallMachine()
    let objective = try ContrastiveDivergence(steps: 1)
    func isRefused(_ name: String, _ tensor: Tensor) -> Bool {
      var memory = ObjectiveState()
      memory.tensors = [name: tensor]
      return (try? objective.check(memory, small.model)) == nil
    }
    let count = try small.machine.inputCount
    #expect(!isRefused("place", Tensor([0])) && !isRefused("place", Tensor([count - 1])))
    #expect(
      isRefused("place", Tensor([count])) && isRefused("place", Tensor([-1])) && isRefused("place", Tensor([Int.min])))
    for name in ["chains", "rates"] {
      #expect(!isRefused(name, Tensor([0.0, 0.5, 1.0])))
      #expect(isRefused(name, Tensor([0.0, 1.5])) && isRefused(name, Tensor([-1e30, 1.0])))
    }
  }

  /// The bias of CD-k shrinks with k, to nothing.
  @Test func theBiasShrinks() throws {
    let small = try SmallMachine()
    let exact = try small.exactGradient()
    let biases = try [1, 2, 3, 4, 6, 8, 12].map {
      SmallMachine.difference(try small.expectedGradient(steps: $0), exact)
    }
    for (less, more) in zip(biases, biases.dropFirst()) { #expect(more < less) }
    #expect(biases[0] > 0.1 && biases[6] < 1e-3)
  }

  /// The objective's gradient, averaged over many chains, agrees with that from all states, within the error of 8·10⁴
  /// draws.
  @Test(arguments: [1, 3, 10]) func chainsGiveTheExpectedGradient(_ steps: Int) throws {
    let small = try SmallMachine()
    var state = ObjectiveState()
    let found = try small.step(try ContrastiveDivergence(steps: steps), copies: 10_000, state: &state)
    #expect(SmallMachine.difference(found, try small.expectedGradient(steps: steps)) < 0.008)
    #expect(state == ObjectiveState())
    // With few steps the bias is far outside of that.
    let bias = SmallMachine.difference(found, try small.exactGradient())
    #expect(steps == 1 ? bias > 0.1 : bias < 0.1)
  }

  /// With Gaussian units on either side, and with units for labels, long chains give the slope of the exact likelihood.
  @Test(arguments: [
    (UnitKind.gaussian, UnitKind.binary, 0), (.binary, .gaussian, 0), (.binary, .binary, 3), (.gaussian, .binary, 2),
  ])
  func longChainsGiveTheLikelihoodsSlope(_ visible: UnitKind, _ hidden: UnitKind, _ labels: Int) throws {
    let normal = Normal(standardDeviation: 0.4)
    let layer = RestrictedBoltzmannMachine(
      2, visible: visible, hidden: hidden, labels: labels, weightInitializer: normal, hiddenBiasInitializer: normal,
      visibleBiasInitializer: normal)
    let model = try Model(layer, input: [3], dtype: .float64, seed: 3)
    let (rows, copies) = (6, 4000)
    let random = RandomSource(seed: 8)
    let inputs =
      visible == .binary
      ? random.bernoulli([rows, 3], probability: 0.4).cast(to: .float64)
      : random.normal([rows, 3], dtype: .float64) + 0.5
    let targets = (0..<rows).map { $0 % max(labels, 1) }
    let batch = Batch(
      inputs: Tensor.concatenate(Array(repeating: inputs, count: copies)),
      targets: labels > 0 ? Tensor((0..<copies).flatMap { _ in targets }) : nil, rows: Array(0..<(rows * copies)))
    var state = ObjectiveState()
    let found = try ContrastiveDivergence(steps: 25).step(
      model, try TrainedParameters(model, matching: ["*"]), batch, Context(.training, random: RandomSource(seed: 1)),
      &state
    ).gradient
    func likelihood(_ change: Tensor) throws -> Double {
      var moved = model
      moved.parameters.trainable = moved.parameters.trainable + change
      let machine = try RBMDistribution(moved)
      let v = labels > 0 ? machine.visible(inputs: inputs, labels: Tensor(targets)) : inputs
      return try machine.logLikelihood(v).mean().item()
    }
    for element in 0..<found.elementCount {
      let step = Tensor([element]).oneHot(classes: found.elementCount, dtype: .float64).flattened() * 1e-5
      let slope = (try likelihood(step) - likelihood(step * -1)) / 2e-5
      // Of 24 000 draws of a deviation of about 1, five standard errors.
      #expect(abs(found.scalar(at: element) + slope) < 0.033, "\(element)")
    }
  }

  /// Persistent chains forget where they began: their gradient tends to the likelihood's.
  @Test func persistentChainsGiveTheLikelihoodsGradient() throws {
    let small = try SmallMachine()
    let objective = try ContrastiveDivergence(persistent: true, chains: 80_000)
    var state = ObjectiveState()
    let exact = try small.exactGradient()
    var errors: [Double] = []
    for seed in 0..<40 {
      errors.append(SmallMachine.difference(try small.step(objective, seed: UInt64(seed), state: &state), exact))
    }
    #expect(errors[0] > 0.1 && errors[39] < 0.008)
    #expect(state.tensors["chains"]?.shape == [80_000, 3])
  }

  @Test func visibleMeansInTheChain() throws {
    let small = try SmallMachine()
    let machine = try small.machine
    var state = ObjectiveState()
    let found = try small.step(try ContrastiveDivergence(reconstruction: .means), copies: 10_000, state: &state)
    // The hidden sample that drives the reconstruction is the only draw: the mean over all its states.
    let states = RBMDistribution.states(of: 3)
    let up = machine.hiddenMeans(small.data)
    var bias = Tensor.zeros([4], dtype: .float64)
    for number in 0..<8 {
      let h = states.slice(axis: 0, number..<(number + 1))
      let probability = (h * up + (1 - h) * (1 - up)).log().sum(axes: [1]).exp()
      bias = bias + (machine.visibleMeans(h) * probability.mean()).flattened()
    }
    #expect((found[2] - (bias - small.data.mean(axes: [0]))).abs().max().item() < 0.008)
  }

  private static let stored: [GoldenCase] = (try? GoldenDocument("contrastive_divergence").cases) ?? []

  @Test func thereAreStoredSteps() { #expect(Self.stored.count == 5) }

  /// The same gradients as NumPy's, from the same random numbers, chain by chain.
  @Test(arguments: stored) func agreesWithNumPy(_ stored: GoldenCase) throws {
    let value = stored.value
    let inputs = try stored.tensor("inputs")
    let labels = value["labels"]?.integerValue ?? 0
    let layer = RestrictedBoltzmannMachine(try stored.tensor("hidden-bias").elementCount, labels: labels)
    var model = try Model(layer, input: [inputs.shape[1]], dtype: .float64, seed: 1)
    for name in ["weight", "hidden-bias", "visible-bias"] { model.parameters[name] = try stored.tensor(name) }
    let objective = try ContrastiveDivergence(
      steps: value["steps"]?.integerValue ?? 0, persistent: value["persistent"]?.booleanValue ?? false,
      reconstruction: value["reconstruction"] == "means" ? .means : .samples,
      samplesInputs: value["samplesInputs"]?.booleanValue ?? false,
      sparsityTarget: value["sparsityTarget"]?.numberValue ?? 0.1,
      sparsityCost: value["sparsityCost"]?.numberValue ?? 0,
      measures: value["persistent"] == true ? [.pseudoLikelihood] : [])
    let batch = Batch(
      inputs: inputs, targets: labels > 0 ? try stored.tensor("targets") : nil, rows: Array(0..<inputs.shape[0]))
    let random = RandomSource(seed: UInt64(try stored.number("seed")))
    var state = ObjectiveState()
    let trained = try TrainedParameters(model, matching: ["*"])
    let found = try stored.field("found").arrayValue ?? []
    #expect(found.count == (objective.measures.isEmpty ? 1 : 2))
    for expected in found {
      let step = try objective.step(model, trained, batch, Context(.training, random: random), &state)
      let gradients = SmallMachine.split(step.gradient, model)
      for (name, gradient) in zip(["weight", "hidden-bias", "visible-bias"], gradients) {
        #expect(mismatch(gradient, try GoldenCase.tensor(try #require(expected[name]))) == nil, "\(name)")
      }
      #expect(abs(step.value - (expected["loss"]?.numberValue ?? .nan)) < 1e-12)
      guard let chains = expected["chains"] else { continue }
      #expect(state.tensors["chains"] == (try GoldenCase.tensor(chains)))
      let likelihood = try #require(step.assessment.measures["pseudo-likelihood"])
      #expect(abs(likelihood - (expected["pseudo-likelihood"]?.numberValue ?? .nan)) < 1e-12)
    }
  }

  @Test func penaltiesAreAdded() throws {
    let (plain, small) = (try SmallMachine(), try SmallMachine(regularizer: L2(0.3)))
    var state = ObjectiveState()
    let objective = ContrastiveDivergence()
    let both = try small.step(objective, state: &state)
    let free = try plain.step(objective, state: &state)
    let weight = small.model.parameters["weight"]
    #expect((both[0] - free[0] - weight * 0.6).abs().max().item() < 1e-14)
    #expect(both[1] == free[1] && both[2] == free[2])
  }

  /// Only trained parameters have gradients, in the vector's order.
  @Test func someParametersAlone() throws {
    let small = try SmallMachine()
    let batch = Batch(inputs: small.data, targets: nil, rows: Array(0..<8))
    var (first, second) = (ObjectiveState(), ObjectiveState())
    let (objective, context) = (ContrastiveDivergence(), Context(.training, random: RandomSource(seed: 4)))
    let all = try objective.step(
      small.model, try TrainedParameters(small.model, matching: ["*"]), batch, context, &first)
    let biases = try objective.step(
      small.model, try TrainedParameters(small.model, matching: ["*-bias"]), batch, context, &second)
    #expect(biases.gradient == all.gradient.slice(axis: 0, 12..<19))
  }

  @Test func theRateOfHiddenUnitsIsRemembered() throws {
    let small = try SmallMachine()
    var state = ObjectiveState()
    let plain = try small.step(ContrastiveDivergence(), seed: 5, state: &state)
    let objective = try ContrastiveDivergence(sparsityTarget: 0.2, sparsityCost: 0.5)
    let first = try small.step(objective, seed: 5, state: &state)
    let rate = try small.machine.hiddenMeans(small.data).mean(axes: [0])
    #expect((first[1] - plain[1] - (rate - 0.2) * 0.5).abs().max().item() < 1e-14)
    #expect((state.tensors["rates"].map { $0 - rate } ?? Tensor.ones([3])).abs().max().item() < 1e-15)
    state.tensors["rates"] = Tensor([0.9, 0.9, 0.9])
    let second = try small.step(objective, seed: 5, state: &state)
    #expect((second[1] - plain[1] - (rate * 0.1 + 0.61) * 0.5).abs().max().item() < 1e-14)
  }

  @Test func whatDoesNotFitIsRefused() throws {
    func step(_ layer: RestrictedBoltzmannMachine, _ inputs: Tensor, _ objective: ContrastiveDivergence) throws {
      let model = try Model(layer, input: [2], dtype: .float64, seed: 1)
      let batch = Batch(inputs: inputs, targets: nil, rows: [0])
      var state = ObjectiveState()
      let trained = try TrainedParameters(model, matching: ["*"])
      _ = try objective.step(model, trained, batch, Context(.training), &state)
    }
    let plain = ContrastiveDivergence()
    let (bits, numbers) = (Tensor([[0.0, 1.0]]), Tensor([[0.0, 1.5]]))
    try step(RestrictedBoltzmannMachine(2), bits, plain)
    try step(RestrictedBoltzmannMachine(2, visible: .gaussian), numbers, plain)
    #expect(throws: ModelError.self) { try step(RestrictedBoltzmannMachine(2), numbers, plain) }
    #expect(throws: LossError.self) { try step(RestrictedBoltzmannMachine(2, labels: 2), bits, plain) }
    #expect(throws: ModelError.self) {
      try step(
        RestrictedBoltzmannMachine(2, visible: .gaussian), bits,
        try ContrastiveDivergence(measures: [.pseudoLikelihood]))
    }
    #expect(throws: ModelError.self) {
      try step(RestrictedBoltzmannMachine(2, hidden: .gaussian), bits, try ContrastiveDivergence(sparsityCost: 1))
    }
    let dense = try Model(Dense(2), input: [2], seed: 1)
    #expect(throws: ModelError.self) { try plain.assess(dense, Batch(inputs: bits, targets: nil, rows: [0])) }
    #expect(throws: ConfigurationError.self) {
      try Registries.standard.make(.layer, "rbm", ["units": 2, "visible": "gaussian", "hidden": "gaussian"])
    }
  }
}
