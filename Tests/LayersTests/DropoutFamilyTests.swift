import AviaryAutograd
import AviaryCore
import AviaryLayers
import AviaryOptimizers
import AviaryRegistry
import Testing

/// The variants of dropout: what they drop, how often, and what replaces it in inference.
struct DropoutFamilyTests {
  func run(
    _ layer: some Layer, _ input: Tensor, _ mode: Context.Mode = .training, setting values: NamedTensors = [:]
  ) throws -> Tensor {
    let shape = input.shape.removing(axis: 0)
    var model = try Model(layer, input: shape, dtype: input.dtype, seed: 1)
    if !values.isEmpty { try model.parameters.load(values) }
    var context = Context(mode, random: RandomSource(seed: 5))
    return model.forward(Variable(input), model.parameters.variables { _ in false }, &context).value
  }

  func share(_ mask: Tensor) -> Double { mask.cast(to: .float64).mean().item() }

  @Test func spatialDropoutDropsWholeChannels() throws {
    let output = try run(SpatialDropout(0.3), Tensor.ones([200, 4, 3, 50]))
    let planes = output.reshaped(to: [200, 12, 50])
    #expect(planes.max(axes: [1]).isIdentical(to: planes.min(axes: [1])))
    #expect(abs(share(output .== 0) - 0.3) < 5 * (0.21 / 1e4).squareRoot())
    #expect(abs(output.max().item() - 1 / 0.7) < 1e-6)
    // Each example has its own mask.
    #expect(!planes[0].isIdentical(to: planes[1]))
  }

  @Test(arguments: [0.05, 0.1, 0.5]) func alphaDropoutKeepsMeanAndVariance(_ rate: Double) throws {
    let input = normal([400, 500], 3)
    let output = try run(AlphaDropout(rate), input)
    #expect(abs(output.mean().item()) < 0.02 && abs(output.variance().item() - 1) < 0.03)
    // α′ = −1.7580993408473766; a and b by the paper's equations.
    let (q, dropped) = (1 - rate, -1.7580993408473766)
    let a = 1 / (q + dropped * dropped * q * rate).squareRoot()
    let b = -a * rate * dropped
    let isDropped = (output - (a * dropped + b)).abs() .< 1e-12
    #expect(abs(share(isDropped) - rate) < 5 * (rate * q / 2e5).squareRoot())
    #expect(distance(Tensor.where(isDropped, input * a + b, output), input * a + b) < 1e-12)
  }

  /// Layers of SELU units with alpha dropout preserve mean and variance, which is their purpose.
  @Test func scaledUnitsStayNormal() throws {
    let network = Sequential {
      for _ in 0..<6 {
        Dense(300, weightInitializer: LecunNormal())
        Selu()
        AlphaDropout(0.1)
      }
    }
    let output = try run(network, normal([300, 300], 3))
    #expect(abs(output.mean().item()) < 0.1 && abs(output.variance().item() - 1) < 0.15)
  }

  /// With weights of 1, an output counts the remaining inputs.
  @Test(arguments: [DropConnect.Masks.batch, .example]) func connectionsAreDropped(_ masks: DropConnect.Masks) throws {
    let ones: NamedTensors = ["weight": Tensor.ones([100, 40]), "bias": Tensor.ones([40]) * 1000]
    let layer = DropConnect(Dense(40), rate: 0.3, masks: masks)
    let output = try run(layer, Tensor.ones([50, 100]), setting: ones)
    let bias = output .> 500
    let kept = (output - bias.cast(to: .float32) * 1000) / 100
    let draws = masks == .batch ? 4000.0 : 200_000
    #expect(abs(kept.mean().item() - 0.7) < 5 * (0.21 / draws).squareRoot())
    #expect(abs(share(bias) - 0.7) < 5 * (0.21 / (masks == .batch ? 40 : 2000)).squareRoot())
    // Rows of equal inputs see the same weights, or their own.
    #expect(output[0].isIdentical(to: output[1]) == (masks == .batch))
    let inference = try run(layer, Tensor.ones([2, 100]), .inference, setting: ones)
    #expect(distance(inference, Tensor(repeating: 770, shape: [2, 40])) < 1e-5)
  }

  /// The integral against the mean of a rectifier over a normal distribution, μΦ(μ/σ) + σφ(μ/σ), for three μ/σ: half of
  /// the weights dropped, μ = Σw/2, σ² = Σw²/4.
  @Test func gaussianInferenceIsTheMeanOverMasks() throws {
    let weight = Tensor([[1, 3, -1], [1, -1, -1], [1, 1, 2], [1, -3, -1]], dtype: .float64)
    let dense = Dense(3, activation: Relu(), bias: false)
    let layer = DropConnect(dense, inference: .gaussian, samples: 101)
    let x = Tensor.ones([1, 4], dtype: .float64)
    let found = try run(layer, x, .inference, setting: ["weight": weight])
    // μ = 2, 0, −½; σ = 1, √5, √7/2.
    let expected = [2.0084907, 2.2360680 * 0.3989423, 0.3150051]
    #expect(distance(found, Tensor([expected], dtype: .float64)) < 2e-3)
    let plain = try run(DropConnect(dense), x, .inference, setting: ["weight": weight])
    #expect(distance(plain, Tensor([[2, 0, 0]], dtype: .float64)) < 1e-12)
    // All possible masks, by drawing many of them.
    var model = try Model(DropConnect(dense, masks: .example), input: [4], dtype: .float64, seed: 1)
    model.parameters["weight"] = weight
    let rows = Tensor.ones([20_000, 4], dtype: .float64)
    let drawn = model.monteCarlo(rows, samples: 1, random: RandomSource(seed: 2)).mean.mean(axes: [0])
    // With only four weights, the normal distribution is an approximation.
    #expect(distance(found[0], drawn) < 0.06)
  }

  /// Inference after training uses the rate at the end of training, not the initial one.
  @Test(arguments: [DropConnect.Inference.mean, .gaussian])
  func annealedConnectionsAreWeighedByTheLastRate(_ inference: DropConnect.Inference) throws {
    let (dense, x) = (Dense(3, activation: Sigmoid()), normal([5, 4], 3))
    let schedule = try LinearSchedule(from: 0.5, to: 0, over: 4, unit: .epoch)
    var model = try Model(
      DropConnect(dense, rate: schedule, inference: inference), input: [4], dtype: .float64, seed: 1)
    let constant = try Model(DropConnect(dense, inference: inference), input: [4], dtype: .float64, seed: 1)
    #expect(constant.parameters.entries.map(\.name) == ["weight", "bias"])
    for (epoch, rate) in [(0, 0.5), (1, 0.375), (4, 0)] {
      let progress = TrainingProgress(step: epoch * 10, epoch: epoch, stepsPerEpoch: 10, epochs: 10)
      var context = Context(.training, progress: progress)
      _ = model.forward(Variable(x), model.parameters.variables { _ in false }, &context)
      model.parameters.apply(context.stateUpdates)
      var expected = try Model(
        DropConnect(dense, rate: rate, inference: inference), input: [4], dtype: .float64, seed: 1)
      expected.parameters.trainable = model.parameters.trainable
      #expect(distance(model(x), expected(x)) < 1e-15)
      let spread = model.monteCarlo(x, samples: 20, random: RandomSource(seed: 4)).variance.max().item()
      #expect((spread > 0) == (rate > 0))
    }
  }

  @Test func standoutKeepsWhatResponds() throws {
    let weight = Tensor([[-2, 0, 1]] as [[Float]])
    let values: NamedTensors = ["weight": weight, "bias": Tensor([0.5, 0, 0] as [Float])]
    let layer = Standout(Dense(3), alpha: 2, beta: -1)
    let rows = Tensor.ones([20_000, 1])
    let output = try run(layer, rows, setting: values)
    // z = −1.5, 0, 1: kept with σ(−4), σ(−1), σ(1).
    let kept = (output .!= 0).cast(to: .float64).mean(axes: [0]).scalars(as: Double.self)
    #expect(abs(kept[0] - 0.0179862) < 0.005 && kept[1] == 0 && abs(kept[2] - 0.7310586) < 0.016)
    #expect(output.min(axes: [0]) == Tensor([-1.5, 0, 0] as [Float]))
    #expect(output.max(axes: [0]) == Tensor([0, 0, 1] as [Float]))
    let mean = try run(layer, Tensor.ones([1, 1]), .inference, setting: values)
    #expect(distance(mean, Tensor([[-1.5 * 0.0179862, 0, 0.7310586]] as [[Float]])) < 1e-6)
  }

  /// No derivative flows through the drop probability: dy/dz is only the mask.
  @Test func standoutsMaskIsConstant() throws {
    var model = try Model(Standout(Dense(6)), input: [4], dtype: .float64, seed: 1)
    model.parameters["weight"] = normal([4, 6], 2)
    let found = try derivatives(of: model, at: normal([50, 4], 3), cotangent: Tensor.ones([50, 6], dtype: .float64))
    let mask = (found.output .!= 0).cast(to: .float64)
    #expect(distance(found.input, mask.matmul(model.parameters["weight"], transposingRight: true)) < 1e-12)
  }

  @Test(
    arguments: [
      SpatialDropout(0.5), AlphaDropout(0.5), Dropout(0.5), DropConnect(Dense(4)), Standout(Dense(4)),
    ] as [any Layer])
  func monteCarloDrawsAndInferenceDoesNot(_ layer: any Layer) throws {
    let model = try Model(layer, input: [30], seed: 1)
    let x = normal([5, 30], 1, dtype: .float32)
    let spread = model.monteCarlo(x, samples: 10, random: RandomSource(seed: 4)).variance
    #expect(spread.max().item() > 0)
    #expect(model(x).isIdentical(to: model(x)))
  }

  @Test(arguments: [MaskingNoise(0.5), SaltAndPepperNoise(0.5), GaussianNoise(1)] as [any Layer])
  func noiseIsForTrainingAlone(_ layer: any Layer) throws {
    let x = normal([5, 30], 1, dtype: .float32)
    #expect(try run(layer, x, .monteCarlo).isIdentical(to: x))
  }

  @Test(
    arguments: [
      ("spatial-dropout", ["rate": 1], "rate"), ("alpha-dropout", ["rate": -0.1], "rate"),
      ("drop-connect", ["units": 2, "samples": 1], "samples"), ("drop-connect", ["units": 0], "units"),
      ("standout", ["units": 2, "activation": "rlu"], "activation"),
      ("drop-connect", ["units": 2, "rate": 1], "rate"),
    ] as [(String, ConfigurationObject, String)])
  func mistakesHaveTheirPath(_ name: String, _ configuration: ConfigurationObject, _ path: String) {
    let error = #expect(throws: ConfigurationError.self) {
      try registries.make(.layer, Specification(name, configuration))
    }
    #expect(error?.path.description == path)
  }
}
