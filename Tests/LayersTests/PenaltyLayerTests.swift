import AviaryAutograd
import AviaryCore
import AviaryLayers
import AviaryRegistry
import Testing

/// Layers that add penalties to the objective.
@Suite struct PenaltyLayerTests {
  /// The penalties of a pass in training, and in inference.
  private func penalties(_ layer: any Layer, _ input: Tensor, seed: UInt64 = 1) throws -> (Double, Int) {
    let model = try Model(layer, input: input.shape.removing(axis: 0), dtype: .float64, seed: 3)
    let variables = model.parameters.variables(tracking: \.isTrainable)
    var training = Context(.training, random: RandomSource(seed: seed))
    var inference = Context(.inference)
    let outputs = model.forward(Variable(input), variables, &training)
    #expect(model.forward(Variable(input), variables, &inference).value == outputs.value)
    return (training.penalties.reduce(0) { $0 + $1.value.item() }, inference.penalties.count)
  }

  @Test func activitiesCostWhatTheirPenaltySays() throws {
    let x = Tensor([[1.0, -2], [0, 4]])
    #expect(try penalties(ActivityPenalty(L1(0.5)), x) == (0.5 * 7 / 2, 0))
    #expect(try penalties(ActivityPenalty(L2(0.1)), x).0 == 0.1 * 21 / 2)
    let error = #expect(throws: ConfigurationError.self) {
      try registries.make(.layer, "activity-penalty", ["regularizer": ["name": "l1", "proximal": true]])
    }
    #expect(error?.description.contains("proximal") == true)
  }

  @Test func sparsityIsTheDivergenceFromTheTarget() throws {
    // Means 0.25 and 0.5: Σ ρ·log(ρ/m) + (1 − ρ)·log((1 − ρ)/(1 − m)) with ρ = 0.25 is 0 and 0.130812.
    let x = Tensor([[0.5, 0.25], [0, 0.75]])
    let found = try penalties(SparsityPenalty(target: 0.25, rate: 2), x)
    #expect(abs(found.0 - 2 * 0.13081203594113694) < 1e-12 && found.1 == 0)
    #expect(try penalties(SparsityPenalty(target: 0.25), Tensor([[0.0, 1]])).0.isFinite)
  }

  @Test func contractionIsTheJacobianInTheMean() throws {
    let layer = Contractive(rate: 0.3) { Dense(3, activation: Sigmoid()) }
    let x = RandomSource(seed: 4).normal([5, 2], dtype: .float64)
    let model = try Model(layer, input: [2], dtype: .float64, seed: 3)
    #expect(model.parameters.entries.map(\.name).sorted() == ["layers.0.dense.bias", "layers.0.dense.weight"])
    // Of a row: Σ over inputs and units of (h·(1 − h)·W)².
    let (w, h) = (model.parameters["layers.0.dense.weight"], model(x))
    let slopes = (h * (1 - h)).square().matmul(w.square().sum(axes: [0]).reshaped(to: [3, 1])).sum().item()
    let expected = 0.3 * slopes / 5
    let draws = try (0..<4000).map { try penalties(layer, x, seed: UInt64($0)).0 }
    #expect(abs(draws.reduce(0, +) / 4000 - expected) < 0.03 * expected)
    // Of one unit there is nothing to estimate.
    let one = Contractive(rate: 1) { Dense(1, activation: Tanh(), bias: false) }
    let single = try Model(one, input: [2], dtype: .float64, seed: 3)
    let bend =
      (1 - single(x).square()).square().mean().item() * single.parameters["layers.0.dense.weight"].square().sum().item()
    #expect(abs(try penalties(one, x).0 - bend) < 1e-12)
  }

  @Test func gradientsGoThroughThePenalties() throws {
    let x = RandomSource(seed: 4).normal([5, 2], dtype: .float64)
    let model = try Model(
      Sequential {
        Contractive(rate: 0.3) { Dense(3, activation: Sigmoid()) }
        SparsityPenalty(target: 0.3, rate: 0.5)
        ActivityPenalty(L2(0.2))
      }, input: [2], dtype: .float64, seed: 3)
    func total(_ vector: Variable) -> Variable {
      let variables = model.parameters.entries.map { entry in
        vector[entry.offset..<entry.offset + entry.elementCount].reshaped(to: entry.shape)
      }
      var context = Context(.training, random: RandomSource(seed: 9))
      _ = model.forward(Variable(x), variables, &context)
      return context.penalties.dropFirst().reduce(context.penalties[0]) { $0 + $1 }
    }
    let point = model.parameters.trainable
    let slope = try gradient(at: point, of: total)
    for index in 0..<point.elementCount {
      func moved(_ h: Double) -> Double {
        var numbers = point.scalars(as: Double.self)
        numbers[index] += h
        return total(Variable(Tensor(numbers))).value.item()
      }
      #expect(abs((moved(1e-6) - moved(-1e-6)) / 2e-6 - slope[index].item()) < 1e-7)
    }
  }
}
