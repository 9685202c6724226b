import AviaryCore
import AviaryLayers
import AviaryRegistry
import AviaryTestSupport
import AviaryTraining
import AviaryZoo
import Testing

/// Deep belief networks small enough to enumerate.
@Suite struct DBNDistributionTests {
  /// The RBM with hidden and visible units exchanged.
  private func turned(_ machine: RBMDistribution) -> RBMDistribution {
    RBMDistribution(
      weight: machine.weight.transposed().contiguous(), visibleBias: machine.hiddenBias,
      hiddenBias: machine.visibleBias)
  }

  /// log p(v) = log Σₕ p(h)·p(v | h) of two machines, by all states.
  private func logLikelihood(_ lower: RBMDistribution, _ upper: RBMDistribution, _ v: Tensor) throws -> Tensor {
    let h = RBMDistribution.states(of: lower.hiddenCount)
    let means = lower.visibleMeans(h)
    let logs = v.matmul(means.log(), transposingRight: true) + (1 - v).matmul((1 - means).log(), transposingRight: true)
    return (logs + (try upper.logLikelihood(h))).logSumExp(axes: [1])
  }

  @Test func imagesAreRows() throws {
    let machine = try SmallMachine().machine
    let network = DBNDistribution([machine, turned(machine)])
    let rows = RBMDistribution.states(of: 4)
    let images = rows.reshaped(to: [16, 2, 2, 1])
    #expect(try network.lowerBound(images) == network.lowerBound(rows))
    #expect(network.codes(of: images) == network.codes(of: rows))
    #expect(network.reconstruction(of: images) == network.reconstruction(of: rows))
    let random = RandomSource(seed: 3)
    #expect(
      network.samples(16, from: images, steps: 2, random: random)
        == network.samples(16, from: rows, steps: 2, random: random))
  }

  @Test func theBoundOfAMachineTurnedAroundIsExact() throws {
    let machine = try SmallMachine().machine
    let v = RBMDistribution.states(of: 4)
    let exact = try machine.logLikelihood(v)
    #expect(mismatch(try DBNDistribution([machine]).lowerBound(v), exact) == nil)
    #expect(mismatch(try DBNDistribution([machine, turned(machine)]).lowerBound(v), exact) == nil)
    #expect(mismatch(try DBNDistribution([machine, turned(machine), machine]).lowerBound(v), exact) == nil)
  }

  /// Each layer is trained by the exact gradient on the codes of the one below: the bound rises from stage to stage,
  /// and stays below the likelihood.
  @Test func greedyStagesRaiseTheBound() throws {
    var small = try SmallMachine(visible: 4, hidden: 3, deviation: 0.1)
    for _ in 0..<500 { try descend(&small) }
    let first = try small.machine
    let start = try first.logLikelihood(small.data).mean().item()
    let reversed = turned(first)
    // The second machine's data: all hidden states, weighed by how likely the data make them.
    let states = RBMDistribution.states(of: 3)
    let up = first.hiddenMeans(small.data)
    let logs =
      up.log().matmul(states, transposingRight: true)
      + (1 - up).log().matmul(1 - states, transposingRight: true)
    let weights = logs.exp().mean(axes: [0])
    var second = reversed
    var last = start
    for _ in 0..<5 {
      for _ in 0..<40 { second = try ascended(second, states, weights) }
      let network = DBNDistribution([first, second])
      let bound = try network.lowerBound(small.data).mean().item()
      let exact = try logLikelihood(first, second, small.data).mean().item()
      #expect(bound > last && bound <= exact + 1e-12)
      last = bound
    }
    #expect(last > start + 0.004)
  }

  /// The stages of a recipe: an RBM that starts as the transposed one below has that one's likelihood as bound, to the
  /// last digits, and contrastive divergence raises the bound; from small weights it rises, too.
  @Test(arguments: [true, false]) func stagesRaiseTheBound(_ transposed: Bool) throws {
    func trained(_ epochs: Int) throws -> (DBNDistribution, Tensor) {
      var recipe = try ZooTests.recipe("digits-dbn")
      for change in [
        "model.units=[10,64]", "model.transposed=\(transposed)", "precision=float64", "stages.pretrain-1.epochs=10",
        "stages.pretrain-2.epochs=\(epochs)", "stages.pretrain-2.objective.samplesInputs=true",
        "stages.pretrain-2.optimizer.momentum=0", "stages.pretrain-2.optimizer.learningRate=0.01",
        "stages.fine-tune.epochs=0",
      ] { try recipe.set(change) }
      let trainer = try Trainer(recipe, in: .standard)
      let model = try trainer.run().model
      let inputs = trainer.data.train.inputs
      return (try DBNDistribution(model), inputs.reshaped(to: [inputs.shape[0], -1]).cast(to: .float64))
    }
    let (start, data) = try trained(0)
    let (end, _) = try trained(10)
    #expect(start.machines[0].weight == end.machines[0].weight)
    let bounds = try [start, end].map { try $0.lowerBound(data).mean().item() }
    let alone = try start.machines[0].logLikelihood(data).mean().item()
    #expect(transposed ? abs(bounds[0] - alone) < 1e-9 : bounds[0] < alone)
    #expect(bounds[1] > bounds[0] + 0.01, "\(bounds), \(alone)")
  }

  @Test func whatCannotBeTurnedAroundIsRefused() throws {
    func make(_ units: ConfigurationValue, _ visible: String) throws {
      let definition = try Registries.standard.make(
        .model, "dbn", ["units": units, "visible": .string(visible), "transposed": true])
      _ = try definition.built(for: [4], classes: 2, seed: 1)
    }
    try make([3, 4, 3, 4], "binary")
    #expect(throws: ModelError.self) { try make([3, 3], "binary") }
    #expect(throws: ModelError.self) { try make([3, 4, 2], "binary") }
    #expect(throws: ConfigurationError.self) { try make([3, 4], "gaussian") }
  }

  /// A step against the exact gradient of −log p of the data.
  private func descend(_ small: inout SmallMachine) throws {
    let gradient = Tensor.concatenate(try small.exactGradient().map { $0.flattened() })
    small.model.parameters.trainable = small.model.parameters.trainable - gradient * 0.5
  }

  /// A step along the exact gradient of Σ weight·log p(state).
  private func ascended(_ machine: RBMDistribution, _ states: Tensor, _ weights: Tensor) throws -> RBMDistribution {
    let difference = (weights - (try machine.logLikelihood(states).exp())).expandingDimension(at: 1)
    let h = machine.hiddenMeans(states) * difference
    var next = machine
    next.weight = machine.weight + states.matmul(h, transposingSelf: true) * 0.5
    next.hiddenBias = machine.hiddenBias + h.sum(axes: [0]) * 0.5
    next.visibleBias = machine.visibleBias + (states * difference).sum(axes: [0]) * 0.5
    return next
  }

  /// The samples have the means of the distribution.
  @Test func samplesHaveTheMeansOfTheDistribution() throws {
    let lower = try SmallMachine().machine
    let upper = try SmallMachine(visible: 3, hidden: 5).machine
    let states = RBMDistribution.states(of: 4)
    let likelihood = try logLikelihood(lower, upper, states)
    #expect(abs(likelihood.exp().sum().item() - 1) < 1e-12)
    let expected = (states * likelihood.exp().expandingDimension(at: 1)).sum(axes: [0])
    let found = DBNDistribution([lower, upper]).samples(20_000, steps: 40, random: RandomSource(seed: 1))
    #expect((found.mean(axes: [0]) - expected).abs().max().item() < 0.015)
  }

  /// Chains whose units copy each other stay where they start.
  @Test func chainsBeginAtTheInputs() throws {
    let bias = Tensor([-40.0, -40, -40])
    let copy = RBMDistribution(
      weight: Tensor([[80.0, 0, 0], [0, 80, 0], [0, 0, 80]]), visibleBias: bias, hiddenBias: bias)
    let states = RBMDistribution.states(of: 3)
    let random = RandomSource(seed: 1)
    #expect(mismatch(copy.samples(8, from: states, steps: 3, random: random), states, tolerance: 1e-12) == nil)
    let network = DBNDistribution([copy, copy])
    #expect(mismatch(network.samples(8, from: states, steps: 3, random: random), states, tolerance: 1e-12) == nil)
    #expect(mismatch(network.codes(of: states), states, tolerance: 1e-12) == nil)
  }

  @Test func itIsReadFromAModel() throws {
    let definition = try Registries.standard.make(.model, "dbn", ["units": [5, 3]])
    let model = try definition.built(for: [2, 2, 1], classes: 2, seed: 1)
    let network = try DBNDistribution(model)
    #expect(network.machines.map(\.hiddenCount) == [5, 3])
    let x = RandomSource(seed: 1).uniform([4, 2, 2, 1])
    let both = try #require(definition as? any ReconstructingModel & GenerativeModel)
    let back = try both.reconstructions(model, of: x)
    let h = x.reshaped(to: [4, 4]).matmul(model.parameters["0.rbm.weight"]).sigmoid()
    let code = h.matmul(model.parameters["1.rbm.weight"]).sigmoid()
    let down = code.matmul(model.parameters["1.rbm.weight"], transposingRight: true).sigmoid()
    let expected = down.matmul(model.parameters["0.rbm.weight"], transposingRight: true).sigmoid()
    #expect(mismatch(back, expected.reshaped(to: [4, 2, 2, 1]), tolerance: 1e-6) == nil)
    #expect(
      try both.samples(model, count: 3, from: nil, steps: 2, random: RandomSource(seed: 1)).shape == [3, 2, 2, 1])
    let dense = try Model(Sequential { Dense(2) }, input: [2], seed: 1)
    #expect(throws: ModelError.self) { try DBNDistribution(dense) }
    #expect(throws: ModelError.self) { try definition.network(for: LearningTask(input: [4])) }
    let wide = try Registries.standard.make(.model, "dbn", ["units": [21, 3]]).built(for: [4], classes: 2, seed: 1)
    #expect(throws: ModelError.self) { try DBNDistribution(wide).lowerBound(Tensor.zeros([1, 4])) }
  }
}
