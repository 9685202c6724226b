import AviaryCore
import AviaryLayers
import AviaryRegistry
import Testing

/// Mean, standard deviation and bounds of what initializers draw, over 10⁵ numbers.
struct InitializerTests {
  struct Expected: Sendable {
    var name: String
    var configuration: ConfigurationObject = [:]
    var mean = 0.0
    var deviation: Double
    var bound: Double?
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
  ]

  @Test func allAreTested() {
    #expect(Set(Self.expected.map(\.name)).sorted() == registries.entries(of: .initializer).map(\.name))
  }

  @Test(arguments: expected, [DType.float32, .float64])
  func statistics(_ expected: Expected, _ dtype: DType) throws {
    let initializer = try registries.make(.initializer, expected.name, expected.configuration)
    let random = RandomSource(seed: 11)
    let values = initializer.values(shape: Self.shape, fans: Fans(Self.shape), random: random, dtype: dtype)
    #expect(values.spec == TensorSpec(Self.shape, dtype))
    let numbers = values.cast(to: .float64)
    // Five standard errors of the mean and of the standard deviation of 10⁵ numbers.
    let tolerance = 5 * expected.deviation / 1e5.squareRoot() + 1e-7
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
    if expected.deviation > 0 {
      let other = initializer.values(shape: Self.shape, fans: Fans(Self.shape), random: random["other"], dtype: dtype)
      #expect(!other.isIdentical(to: values))
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

  /// A parameter's initial values depend on the seed and its name, not on what stands around it.
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
