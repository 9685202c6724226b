import AviaryCore
import AviaryLayers
import AviaryRegistry
import Testing

/// Mean, standard deviation and bounds of 10⁵ numbers drawn by initializers.
struct InitializerTests {
  struct Expected: Sendable {
    var name: String
    var configuration: ConfigurationObject = [:]
    var mean = 0.0
    var deviation: Double
    var bound: Double?
    var isDrawn = true
    /// The fraction of numbers that are drawn.
    var count = 1e5
  }

  /// 250 inputs and 400 outputs: 10⁵ weights.
  static let shape: Shape = [250, 400]
  static let expected = [
    Expected(name: "zeros", deviation: 0, bound: 0),
    Expected(name: "constant", configuration: ["value": 0.3], mean: 0.3, deviation: 0),
    Expected(name: "uniform", configuration: ["range": 0.5], deviation: 0.5 / 3.0.squareRoot(), bound: 0.5),
    Expected(name: "normal", configuration: ["mean": 2, "standardDeviation": 0.5], mean: 2, deviation: 0.5),
    // The standard deviation of a normal distribution cut at ±2 is 0.879626.
    Expected(name: "truncated-normal", configuration: ["standardDeviation": 0.5], deviation: 0.439813, bound: 1),
    Expected(name: "glorot-uniform", deviation: (2.0 / 650).squareRoot(), bound: (6.0 / 650).squareRoot()),
    Expected(
      name: "glorot-uniform", configuration: ["gain": 4], deviation: 4 * (2.0 / 650).squareRoot(),
      bound: 4 * (6.0 / 650).squareRoot()),
    Expected(name: "glorot-normal", deviation: (2.0 / 650).squareRoot()),
    Expected(name: "he-uniform", deviation: (2.0 / 250).squareRoot(), bound: (6.0 / 250).squareRoot()),
    Expected(name: "he-normal", deviation: (2.0 / 250).squareRoot()),
    Expected(name: "lecun-normal", deviation: (1.0 / 250).squareRoot()),
    // Cut at ±2 of a standard deviation that is greater by 1 / 0.879626.
    Expected(
      name: "variance-scaling", deviation: (1.0 / 250).squareRoot(), bound: 2 * (1.0 / 250).squareRoot() / 0.879626),
    Expected(
      name: "variance-scaling", configuration: ["scale": 2, "fan": "output", "distribution": "normal"],
      deviation: (2.0 / 400).squareRoot()),
    Expected(
      name: "variance-scaling", configuration: ["scale": 3, "fan": "average", "distribution": "uniform"],
      deviation: (3.0 / 325).squareRoot(), bound: (9.0 / 325).squareRoot()),
    // Rows of the length 1 have squares of the mean 1/400.
    Expected(name: "orthogonal", deviation: 0.05),
    Expected(name: "orthogonal", configuration: ["gain": 3], deviation: 0.15),
    // 15 of 250 weights are nonzero.
    Expected(
      name: "sparse", configuration: ["standardDeviation": 0.5], deviation: 0.5 * (15.0 / 250).squareRoot(),
      count: 6000),
    // 250 of 10⁵ numbers are 2.
    Expected(
      name: "identity", configuration: ["gain": 2], mean: 0.005, deviation: (0.01 - 0.005 * 0.005).squareRoot(),
      bound: 1.995, isDrawn: false),
  ]

  @Test func allAreTested() {
    #expect(Set(Self.expected.map(\.name) + ["values"]).sorted() == registries.entries(of: .initializer).map(\.name))
  }

  @Test(arguments: expected, [DType.float32, .float64])
  func statistics(_ expected: Expected, _ dtype: DType) throws {
    let initializer = try registries.make(.initializer, expected.name, expected.configuration)
    let random = RandomSource(seed: 11)
    let values = initializer.values(shape: Self.shape, fans: Fans(Self.shape), random: random, dtype: dtype)
    #expect(values.spec == TensorSpec(Self.shape, dtype))
    let numbers = values.cast(to: .float64)
    // Five standard errors of the mean and of the standard deviation of so many numbers.
    let tolerance = 5 * expected.deviation / expected.count.squareRoot() + 1e-7
    #expect(abs(numbers.mean().item() - expected.mean) < tolerance)
    #expect(abs(numbers.variance().item().squareRoot() - expected.deviation) < tolerance)
    if let bound = expected.bound {
      let greatest = (numbers - expected.mean).abs().max().item()
      #expect(greatest <= bound * (1 + 1e-6) && greatest >= bound * 0.99)
    } else if expected.deviation > 0 {
      // A normal distribution reaches beyond three standard deviations in 10⁵ numbers, a cut or even one does not.
      #expect((numbers - expected.mean).abs().max().item() > 3.5 * expected.deviation)
    }
    let again = initializer.values(shape: Self.shape, fans: Fans(Self.shape), random: random, dtype: dtype)
    #expect(again.isIdentical(to: values))
    if expected.deviation > 0, expected.isDrawn {
      let other = initializer.values(shape: Self.shape, fans: Fans(Self.shape), random: random["other"], dtype: dtype)
      #expect(!other.isIdentical(to: values))
    }
  }

  private func drawn(_ initializer: any Initializer, _ shape: Shape, _ dtype: DType = .float64) -> Tensor {
    initializer.values(shape: shape, fans: Fans(shape), random: RandomSource(seed: 5), dtype: dtype)
  }

  @Test(arguments: [[7, 3], [3, 7], [5, 5], [64, 64], [2, 3, 2, 4], [6], [1, 1]] as [Shape])
  func orthogonalWeightsKeepLengths(_ shape: Shape) {
    let weights = drawn(Orthogonal(gain: 1.5), shape)
    #expect(weights.shape == shape)
    let matrix = shape.rank < 2 ? weights.reshaped(to: [-1, 1]) : weights.reshaped(to: [-1, shape[-1]])
    let short = matrix.shape[0] < matrix.shape[1] ? matrix : matrix.transposed()
    let expected = Tensor.identity(short.shape[0], dtype: .float64) * 2.25
    #expect(distance(short.matmul(short.transposed()), expected) < 1e-13)
  }

  /// The signs are even, too: of 400 matrices the mean is near zero, and squares have the mean 1/2.
  @Test func orthogonalWeightsAreDrawnEvenly() {
    let all = (0..<400).map { seed in
      Orthogonal().values(
        shape: [2, 2], fans: Fans([2, 2]), random: RandomSource(seed: UInt64(seed)), dtype: .float64)
    }
    let matrices = Tensor.stack(all)
    #expect(matrices.mean(axes: [0]).abs().max().item() < 5 * 0.7071 / 20)
    #expect((matrices.square().mean(axes: [0]) - 0.5).abs().max().item() < 5 * 0.36 / 20)
  }

  @Test func aUnitHasItsFewConnections() {
    let weights = drawn(Sparse(connections: 4), [30, 50])
    let counts = (weights .!= 0).cast(to: .int64).sum(axes: [0])
    #expect(counts == Tensor([Int](repeating: 4, count: 50)))
    let columns = (weights .!= 0).cast(to: .int64).sum(axes: [1])
    #expect(columns.max().item() > columns.min().item())
    #expect((drawn(Sparse(), [3, 3, 1, 8]) .!= 0).all().scalars(as: Bool.self) == [true])
    #expect((drawn(Sparse(connections: 2), [9]) .!= 0).cast(to: .int64).sum().item() == 2)
  }

  @Test func theIdentityPassesOn() throws {
    #expect(drawn(IdentityMatrix(gain: 2), [2, 3]) == Tensor([[2.0, 0, 0], [0, 2, 0]]))
    #expect(drawn(IdentityMatrix(), [3]) == Tensor([0.0, 0, 0]))
    let image = normal([1, 4, 5, 2], 3)
    for window in [1, 3, 5] as [Size2D] {
      let layer = Conv2D(2, window: window, padding: .same, weightInitializer: IdentityMatrix())
      let model = try Model(layer, input: .image(4, 5, 2), dtype: .float64, seed: 1)
      #expect(distance(model(image), image) == 0)
    }
  }

  /// XOR with hand-set weights, given as one list or in the parameters' shapes.
  @Test func aNetworkComposedByHand() throws {
    let layers: ConfigurationValue = [
      [
        "name": "dense", "units": 2, "activation": "step",
        "weightInitializer": ["name": "values", "values": [[1, 1], [1, 1]]],
        "biasInitializer": ["name": "values", "values": [-0.5, -1.5]],
      ],
      [
        "name": "dense", "units": 1, "activation": "step",
        "weightInitializer": ["name": "values", "values": [1, -2]],
        "biasInitializer": ["name": "values", "values": [-0.5]],
      ],
    ]
    let model = try Model(Specification("sequential", ["layers": layers]), in: registries, input: [2], seed: 1)
    #expect(
      model(Tensor([[0, 0], [0, 1], [1, 0], [1, 1]] as [[Float]])) == Tensor([[0], [1], [1], [0]] as [[Float]]))
  }

  @Test func givenNumbersFillTheirPlaces() throws {
    let error = #expect(throws: LayerError.self) {
      try Model(Dense(2, weightInitializer: Values([1, 2, 3])), input: [2], seed: 1)
    }
    #expect(error?.description.contains("gives float32[3] instead of float32[2, 2]") == true)
    for wrong in [[[1, 2], [3]], [], [1, "a"], [[1], 2], 3, [[[]]]] as [ConfigurationValue] {
      let error = #expect(throws: ConfigurationError.self) {
        try registries.make(.initializer, "values", ["values": wrong])
      }
      #expect(error?.description.contains("nested lists of equal lengths") == true, "\(wrong)")
    }
  }

  @Test func fansCountWhatAUnitSees() {
    #expect(Fans([250, 400]) == Fans(input: 250, output: 400))
    #expect(Fans([5, 3, 2, 8]) == Fans(input: 30, output: 120))
    #expect(Fans([7]) == Fans(input: 7, output: 7))
  }

  @Test func filtersAreScaledByTheirArea() throws {
    let model = try Model(Conv2D(8, window: 5), input: .image(9, 9, 4), seed: 1)
    let bound = (6.0 / (100 + 200)).squareRoot()
    let greatest = model.parameters["weight"].abs().max().item()
    #expect(greatest <= bound && greatest > 0.95 * bound)
  }

  /// A parameter's initial values depend on the seed and its name, not on the layers around it.
  @Test func aLayersInitialValuesDoNotDependOnOthers() throws {
    let one = try Model(
      Sequential {
        Dense(4); Dense(3)
      }, input: [5], seed: 1)
    let other = try Model(
      Sequential {
        Dense(4, bias: false); Dense(3)
      }, input: [5], seed: 1)
    #expect(one.parameters["1.dense.weight"].isIdentical(to: other.parameters["1.dense.weight"]))
    let third = try Model(
      Sequential {
        Dense(4); Dense(3)
      }, input: [5], seed: 2)
    #expect(!one.parameters["1.dense.weight"].isIdentical(to: third.parameters["1.dense.weight"]))
  }
}
