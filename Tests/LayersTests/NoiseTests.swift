import AviaryAutograd
import AviaryCore
import AviaryLayers
import AviaryRegistry
import Testing

/// The effect of noise layers on their inputs, and how often they change them.
struct NoiseTests {
  static let rows = 100
  static let columns = 1000

  /// Inputs that are never 0 or 1.
  static let input = RandomSource(seed: 9).uniform([rows, columns], in: 0.25..<0.75)

  func run(_ layer: some Layer, _ mode: Context.Mode = .training, step: Int = 0) throws -> Tensor {
    let model = try Model(layer, input: [Self.columns], seed: 1)
    var context = Context(mode, random: RandomSource(seed: 1).at(step: step))
    return model.forward(Variable(Self.input), [], &context).value
  }

  /// The share of true elements, and whether it is that probability by five standard deviations.
  func share(_ mask: Tensor, is probability: Double) -> Bool {
    let deviation = (probability * (1 - probability) / Double(mask.elementCount)).squareRoot()
    return abs(mask.cast(to: .float32).mean().item() - probability) < 5 * deviation
  }

  @Test(arguments: [0.1, 0.3, 0.75]) func masksAreZeroAndTheRestStays(_ rate: Double) throws {
    let output = try run(MaskingNoise(rate))
    #expect(share(output .== 0, is: rate))
    #expect((output .== 0).logicalOr(output .== Self.input).all().scalars(as: Bool.self) == [true])
  }

  @Test(arguments: [0.1, 0.3, 0.75]) func saltAndPepperAreAsFrequent(_ rate: Double) throws {
    let output = try run(SaltAndPepperNoise(rate, low: -1, high: 2))
    #expect(share(output .== -1, is: rate / 2))
    #expect(share(output .== 2, is: rate / 2))
    #expect(share(output .== Self.input, is: 1 - rate))
  }

  @Test func gaussianNoiseHasItsDeviation() throws {
    let noise = try run(GaussianNoise(0.2)) - Self.input
    let count = Double(noise.elementCount)
    #expect(abs(noise.mean().item()) < 5 * 0.2 / count.squareRoot())
    #expect(abs(noise.square().mean().item().squareRoot() - 0.2) < 5 * 0.2 / (2 * count).squareRoot())
    #expect(abs((noise .< 0.2).cast(to: .float32).mean().item() - 0.8413) < 0.01)
  }

  @Test(arguments: [MaskingNoise(0.5), SaltAndPepperNoise(0.5), GaussianNoise(1), Dropout(0.5)] as [any Layer])
  func inferenceIsClean(_ layer: any Layer) throws {
    #expect(try run(layer, .inference).isIdentical(to: Self.input))
    #expect(try !run(layer).isIdentical(to: Self.input))
    #expect(try run(layer, step: 3).isIdentical(to: run(layer, step: 3)))
    #expect(try !run(layer, step: 3).isIdentical(to: run(layer, step: 4)))
  }

  /// Replaced inputs have derivative 0, the others 1.
  @Test func changedInputsHaveNoDerivative() throws {
    let model = try Model(SaltAndPepperNoise(0.5), input: [Self.columns], seed: 1)
    let found = try derivatives(of: model, at: Self.input, cotangent: Tensor.ones(Self.input.shape))
    #expect(found.input.isIdentical(to: (found.output .== Self.input).cast(to: .float32)))
  }

  @Test(arguments: [
    Specification("masking-noise", ["rate": 1]), Specification("salt-and-pepper-noise", ["rate": -0.1]),
    Specification("salt-and-pepper-noise", ["low": 1]), Specification("gaussian-noise", ["standardDeviation": -1]),
    Specification("dropout", ["scale": 0]), Specification("dropout", ["rate": "no-such-schedule"]),
  ])
  func numbersOutOfRangeAreRefused(_ specification: Specification) {
    #expect(throws: ConfigurationError.self) { try registries.make(.layer, specification) }
  }
}
