import AviaryCore
import AviaryData
import AviaryRegistry
import Testing

private func root(_ x: Double) -> Double { x.squareRoot() }

@Suite struct TransformTests {
  private let inputs = Tensor([1.0, 10, 7, 3, 10, 9, 8, 10, 8, 4, 10, 12], shape: [4, 3])

  @Test func scalingDividesOnce() throws {
    let bytes = Tensor((0..<256).map { UInt8($0) }, shape: [256, 1])
    let scaled = try ScaleTransform(divisor: 255)(bytes)
    #expect(scaled.dtype == .float32)
    #expect(scaled.scalars(as: Float.self) == (0..<256).map { Float($0) / 255 })
    let doubles = try ScaleTransform(divisor: 255)(bytes.cast(to: .float64))
    #expect(doubles.scalars(as: Double.self) == (0..<256).map { Double($0) / 255 })
    let all = try ScaleTransform(factor: 3, divisor: 4, offset: -1)(Tensor([1.0, 2], shape: [2]))
    #expect(all.scalars(as: Double.self) == [-0.25, 0.5])
  }

  @Test func standardizingGivesMeanZeroAndDeviationOne() throws {
    // Columns 1 3 8 4 (mean 4, variance 26/4), 10 10 10 10, 7 9 8 12 (mean 9, variance 14/4).
    let transform = StandardizeTransform()
    let learned = try transform.fitted(to: inputs)
    #expect(learned["mean"]?.scalars(as: Double.self) == [4, 10, 9])
    #expect(learned["deviation"]?.scalars(as: Double.self) == [root(6.5), 1, root(3.5)])
    let result = try transform(inputs, learned)
    let expected = [-3, 0, -2, -1, 0, 0, 4, 0, -1, 0, 0, 3.0]
    for (place, (found, expected)) in zip(result.scalars(as: Double.self), expected).enumerated() {
      let deviation = [root(6.5), 1, root(3.5)][place % 3]
      #expect(abs(found - expected / deviation) < 1e-15)
    }
  }

  @Test func statisticsHaveTheirScope() throws {
    // [2, 2, 2]: channels 0, 2, 4, 6 and 1, 3, 5, 7.
    let images = Tensor((0..<8).map { Double($0) }, shape: [2, 2, 2])
    let channel = try StandardizeTransform(per: .channel).fitted(to: images)
    #expect(channel["mean"]?.scalars(as: Double.self) == [3, 4])
    #expect(channel["deviation"]?.scalars(as: Double.self) == [root(5.0), root(5.0)])
    let all = try StandardizeTransform(per: .all).fitted(to: images)
    #expect(all["mean"]?.scalars(as: Double.self) == [3.5])
    #expect(all["mean"]?.shape == [])
    #expect(all["deviation"]?.scalars(as: Double.self) == [root(5.25)])
    let scores = try StandardizeTransform(per: .all)(images, all)
    #expect(scores.shape == [2, 2, 2])
    #expect(scores.scalars(as: Double.self)[7] == 3.5 / root(5.25))
  }

  @Test func manyRowsAreTakenInParts() throws {
    // More than the 2²⁰ numbers that are processed at a time.
    let random = RandomSource(seed: 3).normal([30_000, 50], mean: 5, standardDeviation: 2, dtype: .float64)
    let learned = try StandardizeTransform().fitted(to: random)
    let mean = random.mean(axes: [0])
    let deviation = random.variance(axes: [0]).sqrt()
    for (key, expected) in [("mean", mean), ("deviation", deviation)] {
      let found = try #require(learned[key]).scalars(as: Double.self)
      for (a, b) in zip(found, expected.scalars(as: Double.self)) { #expect(abs(a - b) < 1e-12) }
    }
    let range = try NormalizeRangeTransform().fitted(to: random)
    #expect(range["least"]?.scalars(as: Double.self) == random.min(axes: [0]).scalars(as: Double.self))
  }

  @Test func constantFeaturesStayFinite() throws {
    // The mean of ten times 0.1 is not 0.1 in floating point.
    let constant = Tensor([Double](repeating: 0.1, count: 10), shape: [10, 1])
    let standardize = StandardizeTransform()
    #expect(try standardize(constant, standardize.fitted(to: constant)).scalars(as: Double.self).allSatisfy { $0 == 0 })
    let range = NormalizeRangeTransform(-1...1)
    #expect(try range(constant, range.fitted(to: constant)).scalars(as: Double.self).allSatisfy { $0 == -1 })
    let tiny = Tensor([0, Double.leastNonzeroMagnitude], shape: [2, 1])
    #expect(try standardize(tiny, standardize.fitted(to: tiny)).isFinite().all().item() == 1)
  }

  @Test func rangesAreFilled() throws {
    let transform = NormalizeRangeTransform(-1...1)
    let learned = try transform.fitted(to: inputs)
    let result = try transform(inputs, learned).scalars(as: Double.self)
    let expected = [-1, -1, -1, -3.0 / 7, -1, -0.2, 1, -1, -0.6, -1.0 / 7, -1, 1]
    for (found, expected) in zip(result, expected) { #expect(abs(found - expected) < 1e-15) }
    let other = try transform(Tensor([15.0, 11, 2], shape: [1, 3]), learned).scalars(as: Double.self)
    #expect(other == [3, 1, -3])
    let clipped = try NormalizeRangeTransform(-1...1, clips: true)(Tensor([15.0, 11, 2], shape: [1, 3]), learned)
    #expect(clipped.scalars(as: Double.self) == [1, 1, -1])
  }

  @Test func shapesChange() throws {
    let images = Tensor((0..<24).map { Float($0) }, shape: [2, 3, 4])
    #expect(try FlattenTransform()(images).shape == [2, 12])
    #expect(try FlattenTransform()(Tensor.zeros([0, 3, 4])).shape == [0, 12])
    #expect(try FlattenTransform()(Tensor.zeros([5])).shape == [5, 1])
    let reshape = try dataRegistries().make(.transform, "reshape", ["shape": [2, -1, 1]])
    let reshaped = try reshape(images, [:])
    #expect(reshaped.shape == [2, 2, 6, 1])
    #expect(reshaped.scalars(as: Float.self) == images.scalars(as: Float.self))
    #expect(
      dataError { _ = try reshape(Tensor.zeros([4, 3]), [:]) }
        == "reshape: inputs [3] have 3 elements and do not fill the shape [2, -1, 1]")
    for shape in [[0], [-2], [-1, -1], [1, 1, 1, 1, 1, 1, 1, 1], [Int.max, 4]] as [[Int]] {
      let value = ConfigurationValue.array(shape.map { .integer($0) })
      #expect(throws: ConfigurationError.self, "\(shape)") {
        try dataRegistries().make(.transform, "reshape", ["shape": value])
      }
    }
  }

  @Test func whatWasNotLearnedIsRefused() throws {
    let transform = StandardizeTransform()
    #expect(dataError { _ = try transform(inputs, [:]) }.contains("expected the fitted tensor 'mean', found none"))
    let learned = try transform.fitted(to: inputs)
    #expect(
      dataError { _ = try transform(Tensor.zeros([2, 5]), learned) }.contains(
        "inputs of another shape: [3] does not fit [2, 5]"))
    #expect(dataError { _ = try transform.fitted(to: Tensor.zeros([0, 3])) }.contains("no inputs to fit to"))
    let broken = Tensor([1, Double.nan], shape: [2, 1])
    #expect(dataError { _ = try transform.fitted(to: broken) }.contains("NaN or infinite"))
    #expect(dataError { _ = try NormalizeRangeTransform().fitted(to: broken) }.contains("NaN or infinite"))
  }

  @Test func preprocessingRunsInOrder() throws {
    let transforms: [any Transform] = [ScaleTransform(divisor: 2), StandardizeTransform(), FlattenTransform()]
    let bytes = Tensor([2, 4, 6, 8].map { UInt8($0) }, shape: [4, 1, 1])
    let preprocessing = try Preprocessing(transforms, dtype: .float64, fittedTo: bytes)
    #expect(preprocessing.learned[1]["mean"]?.scalars(as: Double.self) == [2.5])
    let result = try preprocessing(bytes)
    #expect(result.spec == TensorSpec([4, 1], .float64))
    let again = try Preprocessing(transforms, dtype: .float64, learned: preprocessing.learned)(bytes)
    #expect(again.scalars(as: Double.self) == result.scalars(as: Double.self))
    #expect(abs(result.scalars(as: Double.self)[0] + 1.5 / root(1.25)) < 1e-15)
    var set = DataSet(name: "values", inputs: bytes, targets: Tensor([1.0, 2, 3, 4], shape: [4, 1]))
    set = try Preprocessing([], dtype: .float32, fittedTo: bytes)(set)
    #expect(set.inputs.dtype == .float32)
    #expect(set.targets?.dtype == .float32)
    let huge = try Preprocessing([ScaleTransform(factor: 1e300)], dtype: .float32, fittedTo: bytes)
    #expect(dataError { _ = try huge(bytes) }.contains("NaN or infinite after the transforms"))
  }
}
