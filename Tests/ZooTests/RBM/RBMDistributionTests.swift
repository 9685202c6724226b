import AviaryCore
import AviaryLayers
import AviaryTestSupport
import AviaryTraining
import AviaryZoo
import Testing

/// The distribution of an RBM against the sums over all states that define it.
@Suite struct RBMDistributionTests {
  /// An RBM with normal weights, float64.
  private static func machine(
    _ visible: Int, _ hidden: Int, _ kinds: (UnitKind, UnitKind) = (.binary, .binary), labels: Int = 0,
    deviation: Double = 1
  ) -> RBMDistribution {
    let random = RandomSource(seed: 5)
    func normal(_ shape: Shape, _ name: String) -> Tensor {
      random[name].normal(shape, standardDeviation: deviation, dtype: .float64)
    }
    return RBMDistribution(
      weight: normal([visible + labels, hidden], "weight"), visibleBias: normal([visible + labels], "visible"),
      hiddenBias: normal([hidden], "hidden"), visible: kinds.0, hidden: kinds.1, labels: labels)
  }

  /// Rows of visible units, and of hidden ones, all with each other.
  private static func pairs(_ v: Tensor, _ h: Tensor) -> (Tensor, Tensor) {
    let (rows, states) = (v.shape[0], h.shape[0])
    let left = v.expandingDimension(at: 1).broadcast(to: [rows, states, v.shape[1]])
    let right = h.expandingDimension(at: 0).broadcast(to: [rows, states, h.shape[1]])
    return (left.reshaped(to: [rows * states, -1]), right.reshaped(to: [rows * states, -1]))
  }

  /// −E of all rows with all hidden states, [rows, states].
  private static func joint(_ machine: RBMDistribution, _ v: Tensor) -> Tensor {
    let h = RBMDistribution.states(of: machine.hiddenCount)
    let (left, right) = pairs(v, h)
    return -machine.energy(left, right).reshaped(to: [v.shape[0], h.shape[0]])
  }

  /// All states of the visible units, with one of each label.
  private static func visibleStates(_ machine: RBMDistribution) -> Tensor {
    let inputs = RBMDistribution.states(of: machine.inputCount)
    guard machine.labels > 0 else { return inputs }
    let rows = (0..<machine.labels).map { label in
      machine.visible(inputs: inputs, labels: Tensor(Array(repeating: label, count: inputs.shape[0])))
    }
    return Tensor.concatenate(rows)
  }

  @Test func states() {
    #expect(RBMDistribution.states(of: 2) == Tensor([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [1.0, 1.0]]))
    #expect(RBMDistribution.states(of: 3, 5..<6) == Tensor([[1.0, 0.0, 1.0]]))
  }

  /// E by hand, for each kind of units.
  @Test func energies() {
    func energy(_ kinds: (UnitKind, UnitKind)) -> Double {
      let machine = RBMDistribution(
        weight: Tensor([[2.0], [-1.0]]), visibleBias: Tensor([0.5, 0.25]), hiddenBias: Tensor([3.0]), visible: kinds.0,
        hidden: kinds.1)
      return machine.energy(Tensor([[1.0, 2.0]]), Tensor([[4.0]])).item()
    }
    #expect(energy((.binary, .binary)) == -13)  // v·W = 0; −0.5 − 0.5 − 12
    #expect(energy((.gaussian, .binary)) == 0.5 * (0.25 + 1.75 * 1.75) - 12)
    #expect(energy((.binary, .gaussian)) == -1 + 0.5)
  }

  /// Functions of visible units accept images as rows of pixels.
  @Test(arguments: [0, 2]) func imagesAreRows(_ labels: Int) throws {
    let machine = Self.machine(6, 3, labels: labels)
    let random = RandomSource(seed: 8)
    let inputs = random["inputs"].uniform([4, 6], dtype: .float64)
    let known = inputs .> 0.5
    func same(_ shape: Shape, _ rows: Tensor, _ name: String, _ f: (Tensor) throws -> Tensor) rethrows {
      #expect(try f(rows.reshaped(to: shape)) == f(rows), "\(name)")
    }
    let images: Shape = [4, 2, 3, 1]
    same(images, inputs, "codes", machine.codes)
    same(images, inputs, "reconstruction", machine.reconstruction)
    same(images, inputs, "samples") { machine.samples(4, from: $0, steps: 2, random: random) }
    let targets = Tensor([0, 1, 1, 0])
    let v = labels == 0 ? inputs : machine.visible(inputs: inputs, labels: targets)
    let shape: Shape = labels == 0 ? images : [4, 2, 4]
    same(shape, v, "hiddenMeans", machine.hiddenMeans)
    same(shape, v, "energy") { machine.energy($0, machine.hiddenMeans(v)) }
    same(shape, v, "freeEnergy", machine.freeEnergy)
    try same(shape, v, "logLikelihood", machine.logLikelihood)
    same(shape, v, "pseudoLogLikelihood", machine.pseudoLogLikelihood)
    same(shape, v, "one place") { machine.pseudoLogLikelihood($0, places: [0, 1, 2, 5]) }
    same(shape, v, "snapshots") { machine.snapshots(2, from: $0, steps: 1, random: random) }
    let mask = v .> 0.5
    same(shape, v, "completion") { machine.completion(of: $0, known: mask, steps: 3, burnIn: 1, random: random) }
    same(shape, v, "known") {
      machine.completion(of: $0, known: mask[0].reshaped(to: shape.removing(axis: 0)), steps: 3, random: random)
    }
    guard labels > 0 else { return }
    same(images, inputs, "visible") { machine.visible(inputs: $0, labels: targets) }
    same(images, inputs, "classProbabilities", machine.classProbabilities)
    same(images, inputs, "missing inputs") {
      machine.classProbabilities($0, known: known.reshaped(to: $0.shape), steps: 3, random: random)
    }
  }

  @Test(arguments: [UnitKind.binary, .gaussian], [0, 3]) func sumsOverHiddenStates(_ kind: UnitKind, _ labels: Int) {
    let machine = Self.machine(4, 3, (kind, .binary), labels: labels)
    let v =
      kind == .binary
      ? Self.visibleStates(machine)
      : Tensor.concatenate(
        [
          RandomSource(seed: 6).normal([5, 4], dtype: .float64),
          Tensor([0, 1, 2, 1, 0]).oneHot(classes: 3, dtype: .float64),
        ].dropLast(labels == 0 ? 1 : 0), axis: 1)
    let joint = Self.joint(machine, v)
    #expect(mismatch(machine.freeEnergy(v), -joint.logSumExp(axes: [1])) == nil)
    let means = joint.softmax(axis: 1).matmul(RBMDistribution.states(of: 3))
    #expect(mismatch(machine.hiddenMeans(v), means) == nil)
  }

  /// Over one Gaussian hidden unit the sum is an integral, here by steps of a thousandth.
  @Test func integralOverAGaussianHiddenUnit() {
    let machine = Self.machine(3, 1, (.binary, .gaussian))
    let v = RBMDistribution.states(of: 3)
    let h = Tensor.linearSpace(from: -20, to: 20, count: 40_001, dtype: .float64).reshaped(to: [-1, 1])
    let (left, right) = Self.pairs(v, h)
    let joint = -machine.energy(left, right).reshaped(to: [8, -1])
    let expected = -(joint.logSumExp(axes: [1]) + Tensor([0.001]).log())
    #expect((machine.freeEnergy(v) - expected).abs().max().item() < 1e-9)
    let means = joint.softmax(axis: 1).matmul(h)
    #expect((machine.hiddenMeans(v) - means).abs().max().item() < 1e-9)
  }

  @Test(arguments: [0, 3]) func visibleMeansAreConditional(_ labels: Int) {
    let machine = Self.machine(4, 3, labels: labels)
    let (v, h) = (Self.visibleStates(machine), RBMDistribution.states(of: 3))
    let joint = Self.joint(machine, v).transposed()
    #expect(mismatch(machine.visibleMeans(h), joint.softmax(axis: 1).matmul(v)) == nil)
  }

  /// By the states of either side, and for Gaussian units by an integral.
  @Test(arguments: [0, 3]) func partition(_ labels: Int) throws {
    for (visible, hidden) in [(5, 3), (3, 5)] {
      let machine = Self.machine(visible, hidden, labels: labels)
      let all = Self.joint(machine, Self.visibleStates(machine)).logSumExp().item()
      #expect(abs(try machine.logPartition() - all) < 1e-12)
      let likelihoods = try machine.logLikelihood(Self.visibleStates(machine))
      #expect(abs(likelihoods.exp().sum().item() - 1) < 1e-12)
    }
    let gaussian = Self.machine(1, 2, (.gaussian, .binary))
    let line = Tensor.linearSpace(from: -30, to: 30, count: 60_001, dtype: .float64).reshaped(to: [-1, 1])
    #expect(abs(try gaussian.logLikelihood(line).exp().sum().item() * 0.001 - 1) < 1e-9)
    let code = Self.machine(3, 30, (.binary, .gaussian), deviation: 0.2)
    let density = try code.logLikelihood(RBMDistribution.states(of: 3))
    #expect(abs(density.exp().sum().item() - 1) < 1e-12)
  }

  @Test func manyStatesAreSummedInPieces() throws {
    // Without weights Z is a product: Π (1 + e^b)·Π (1 + e^c).
    var machine = Self.machine(15, 14)
    machine.weight = Tensor.zeros([15, 14], dtype: .float64)
    let expected = machine.visibleBias.softplus().sum().item() + machine.hiddenBias.softplus().sum().item()
    #expect(abs(try machine.logPartition() - expected) < 1e-10)
    #expect(throws: ModelError.self) { try Self.machine(21, 21).logPartition() }
    #expect(throws: ModelError.self) { try Self.machine(3, 21, (.gaussian, .binary)).logPartition() }
  }

  @Test func pseudoLikelihood() throws {
    let machine = Self.machine(4, 3)
    let v = RBMDistribution.states(of: 4)
    let likelihood = try machine.logLikelihood(v).scalars(as: Double.self)
    var expected = [Double](repeating: 0, count: 16)
    for number in 0..<16 {
      for bit in 0..<4 {
        // log p(vᵢ | others) of two states.
        let two = Tensor([likelihood[number], likelihood[number ^ (1 << bit)]])
        expected[number] += likelihood[number] - two.logSumExp().item()
      }
    }
    #expect(mismatch(machine.pseudoLogLikelihood(v), Tensor(expected)) == nil)
    let parts = (0..<4).map { machine.pseudoLogLikelihood(v, places: Array(repeating: $0, count: 16)) }
    #expect(mismatch(parts.reduce(Tensor.zeros([16], dtype: .float64), +) / 4, Tensor(expected)) == nil)
    // Inputs are rounded.
    #expect(mismatch(machine.pseudoLogLikelihood(v * 0.8 + 0.1), Tensor(expected)) == nil)
  }

  @Test(arguments: [UnitKind.binary, .gaussian], [0, 3])
  func annealingFindsThePartition(_ kind: UnitKind, _ labels: Int) throws {
    let machine = Self.machine(8, 6, (kind, .binary), labels: labels, deviation: kind == .binary ? 1 : 0.5)
    let exact = try machine.logPartition()
    let rates = Tensor(repeating: 0.3, shape: [8 + labels], dtype: .float64)
    for base in [nil, rates] {
      let estimate = try machine.annealedLogPartition(
        chains: 200, temperatures: RBMDistribution.annealing(steps: 500), baseRates: base, random: RandomSource(seed: 2)
      )
      #expect((estimate.lower...estimate.upper).contains(exact) && estimate.lower <= estimate.value)
      #expect(estimate.upper - estimate.lower < 0.2 && abs(estimate.value - exact) < 0.05)
      guard kind == .binary else { continue }
      let v = Self.visibleStates(machine)
      let error = machine.logLikelihood(v, logPartition: estimate.value) - (try machine.logLikelihood(v))
      #expect((error - (exact - estimate.value)).abs().max().item() < 1e-12)
    }
    let bare = Self.machine(2, 2, (.binary, .gaussian))
    #expect(throws: ModelError.self) { try bare.annealedLogPartition(random: RandomSource(seed: 1)) }
    let rising = RBMDistribution.annealing(steps: 1000)
    #expect(rising.count == 1000 && rising[0] == 0 && rising[999] == 1)
    #expect(zip(rising, rising.dropFirst()).allSatisfy { $0 < $1 })
  }

  @Test func gibbsChainsVisitStatesAsOftenAsTheyAreLikely() throws {
    let machine = Self.machine(3, 2, labels: 2)
    let end = machine.gibbs(
      from: machine.randomHidden(40_000, random: RandomSource(seed: 1)), steps: 30, random: RandomSource(seed: 2))
    let states = Self.visibleStates(machine)
    let hits =
      (end.visible.matmul(states, transposingRight: true) + (1 - end.visible).matmul(1 - states, transposingRight: true))
      .>= 5
    let shares = hits.cast(to: .float64).mean(axes: [0])
    #expect((shares - (try machine.logLikelihood(states).exp())).abs().max().item() < 0.012)
    #expect(abs(shares.sum().item() - 1) < 1e-12)
    let means = machine.samples(40_000, steps: 30, random: RandomSource(seed: 3)).mean(axes: [0])
    #expect((means - end.visible.mean(axes: [0])).abs().max().item() < 0.012)
  }

  /// Two snapshots come from the same chain, and its first one is the reconstruction of its data.
  @Test func snapshotsFollowTheirChains() throws {
    let machine = Self.machine(3, 2)
    let v = RBMDistribution.states(of: 3)
    let snapshots = machine.snapshots(3, from: v, steps: 1, random: RandomSource(seed: 4))
    #expect(snapshots.shape == [24, 3])
    let random = RandomSource(seed: 4)
    let start = random["start"].sample(probabilities: machine.hiddenMeans(v))
    #expect(mismatch(snapshots.slice(axis: 0, 0..<8), machine.visibleMeans(start)) == nil)
    let next = machine.gibbs(from: start, steps: 1, random: random[0])
    #expect(mismatch(snapshots.slice(axis: 0, 8..<16), machine.visibleMeans(next.hidden)) == nil)
  }

  @Test func gaussianSamples() {
    var machine = Self.machine(3, 2, (.gaussian, .binary))
    let means = Tensor([[1.0, -2.0, 0.0]]).broadcast(to: [40_000, 3])
    let drawn = machine.visibleSample(means: means, random: RandomSource(seed: 1))
    #expect((drawn.mean(axes: [0]) - Tensor([1.0, -2.0, 0.0])).abs().max().item() < 0.03)
    #expect((drawn.variance(axes: [0]) - 1).abs().max().item() < 0.04)
    machine = machine.cast(to: .float32)
    #expect(machine.samples(2, steps: 1, random: RandomSource(seed: 1)).spec == TensorSpec([2, 3], .float32))
  }

  /// p(class | inputs) is the joint distribution's.
  @Test(arguments: [UnitKind.binary, .gaussian]) func classes(_ hidden: UnitKind) throws {
    let machine = Self.machine(4, 3, (.binary, hidden), labels: 3, deviation: hidden == .binary ? 1 : 0.4)
    let likelihood = try machine.logLikelihood(Self.visibleStates(machine)).reshaped(to: [3, 16]).transposed()
    let inputs = RBMDistribution.states(of: 4)
    #expect(mismatch(machine.classProbabilities(inputs), likelihood.softmax(axis: 1)) == nil)
    let best = likelihood.argmax(axis: 1)
    #expect(machine.classLogits(inputs).argmax(axis: 1) == best)
  }

  /// With inputs missing, clamped chains tend to the exact conditional distribution.
  @Test func missingInputs() throws {
    let machine = Self.machine(4, 3, labels: 3)
    let joint = try machine.logLikelihood(Self.visibleStates(machine)).reshaped(to: [3, 16])
    let states = RBMDistribution.states(of: 4)
    let (mask, known) = ([true, false, true, false], [1.0, 0.0, 0.0, 0.0])
    // The states that have the first input 1 and the third 0.
    let matching = (0..<16).filter { $0 & 0b101 == 0b001 }
    let kept = joint.gather(Tensor(matching), axis: 1)
    let posterior = kept.logSumExp(axes: [1]).softmax()
    let rows = 200
    let inputs = Tensor(known).expandingDimension(at: 0).broadcast(to: [rows, 4])
    let found = machine.classProbabilities(
      inputs, known: Tensor(mask), steps: 200, burnIn: 20, random: RandomSource(seed: 3))
    #expect((found.mean(axes: [0]) - posterior).abs().max().item() < 0.02)
    let v = Tensor.concatenate([inputs, Tensor.zeros([rows, 3], dtype: .float64)], axis: 1)
    let all = Tensor(mask + [false, false, false])
    let completed = machine.completion(of: v, known: all, steps: 200, burnIn: 20, random: RandomSource(seed: 4))
    let shares = kept.flattened().softmax().reshaped(to: [3, 4]).sum(axes: [0], keepingDimensions: true)
    let expected = shares.matmul(states.gather(Tensor(matching))).flattened()
    let means = completed.slice(axis: 1, 0..<4).mean(axes: [0])
    #expect((means - expected).abs().max().item() < 0.02)
    let held = completed.gather(Tensor([0, 2]), axis: 1)
    #expect(held == v.gather(Tensor([0, 2]), axis: 1))
  }
}
