import AviaryCore
import AviaryData
import AviaryLayers
import AviaryRegistry
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

  /// The objective's gradient, averaged over many chains, is what all states together give; its error is that of 8·10⁴ draws.
  @Test(arguments: [1, 3, 10]) func chainsGiveTheExpectedGradient(_ steps: Int) throws {
    let small = try SmallMachine()
    var state = ObjectiveState()
    let found = try small.step(try divergence { $0.steps = steps }, copies: 10_000, state: &state)
    #expect(SmallMachine.difference(found, try small.expectedGradient(steps: steps)) < 0.008)
    #expect(state == ObjectiveState())
    // With few steps the bias is far outside of that.
    let bias = SmallMachine.difference(found, try small.exactGradient())
    #expect(steps == 1 ? bias > 0.1 : bias < 0.1)
  }

  /// Persistent chains forget where they began: their gradient tends to the likelihood's.
  @Test func persistentChainsGiveTheLikelihoodsGradient() throws {
    let small = try SmallMachine()
    let objective = try divergence {
      $0.persistent = true
      $0.chains = 80_000
    }
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
    let found = try small.step(try divergence { $0.reconstruction = .means }, copies: 10_000, state: &state)
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
}
