import AviaryAutograd
import AviaryCore
import AviaryLayers
import Testing

/// Layers whose intermediate results are computed again: the numbers do not change.
@Suite struct CheckpointedLayersTests {
  /// Loss, gradients, running statistics and the Hessian times a vector.
  private func results(_ layer: any Layer, _ input: Tensor) throws -> [Tensor] {
    var model = try Model(layer, input: [4], dtype: .float64, seed: 3)
    model.parameters.trainable = normal(model.parameters.trainable.shape, 4)
    let variables = model.parameters.variables(tracking: \.isTrainable)
    let targets = model.parameters.entries.indices.filter { variables[$0].isTracked }.map { variables[$0] }
    func loss() -> (value: Variable, context: Context) {
      var context = Context(.training, random: RandomSource(seed: 7).at(step: 2))
      let output = model.forward(Variable(input), variables, &context)
      return (context.penalties.reduce(output.square().mean()) { $0 + $1 }, context)
    }
    let (value, context) = loss()
    let gradients = try value.gradients(withRespectTo: targets).map(\.value)
    let recorded = try loss().value.gradients(withRespectTo: targets, recording: true)
    let along = recorded.map { ($0 * 0.3).sum() }.reduce(Variable(Tensor(0.0))) { $0 + $1 }
    let products = try along.gradients(withRespectTo: targets).map(\.value)
    let states = context.stateUpdates.sorted { $0.key < $1.key }.map(\.value)
    #expect(!states.isEmpty && context.penalties.count == 1)
    return [value.value] + gradients + states + products
  }

  @Test(arguments: [0.4, 0]) func nothingChangesButMemory(_ rate: Double) throws {
    @LayerBuilder func layers() -> [any Layer] {
      Dense(6, activation: Tanh())
      BatchNorm()
      Dropout(rate)
      ActivityPenalty()
      Residual { Dense(6, activation: Sigmoid()) }
      Dense(2)
    }
    let input = normal([5, 4], 1)
    let plain = try results(Sequential(layers), input)
    let both = try results(CheckpointedLayers(layers), input)
    // Nesting changes the layers' paths, and with them the random numbers.
    let nested = rate > 0 ? both : try results(Sequential { CheckpointedLayers { CheckpointedLayers(layers) } }, input)
    for found in [both, nested] {
      #expect(found.count == plain.count)
      for (a, b) in zip(found, plain) { #expect(distance(a, b) < 1e-14) }
    }
  }

  /// Each value is computed twice while training, and once otherwise.
  @Test func theForwardPassRunsAgain() throws {
    let counter = Counter()
    let model = try Model(CheckpointedLayers { Counting(counter: counter) }, input: [3], dtype: .float64, seed: 1)
    let x = Variable(tracking: normal([2, 3], 1))
    var context = Context(.training)
    let output = model.forward(x, [], &context)
    #expect(counter.count == 1)
    _ = try output.sum().gradients(withRespectTo: [x])
    #expect(counter.count == 2)
    _ = model(x.value)
    #expect(counter.count == 3)
  }
}

private final class Counter: @unchecked Sendable { var count = 0 }

private struct Counting: Layer {
  let counter: Counter

  func declare(in builder: inout ParameterBuilder, input: Shape) throws -> Shape { input }

  func callAsFunction(_ input: Variable, _ parameters: Parameters, _ context: inout Context) -> Variable {
    counter.count += 1
    return input * 2
  }
}
