import AviaryCore
import AviaryData
import AviaryRegistry
import Testing

/// A transform without an inverse.
private struct Magnitude: Transform {
  func callAsFunction(_ inputs: Tensor, _ learned: NamedTensors) throws -> Tensor { inputs.abs() }
}

@Suite struct InverseTests {
  private let inputs = Tensor([1.0, 10, 7, 3, 10, 9, 8, 10, 8, 4, 10, 12], shape: [4, 3])

  private func expect(_ found: Tensor?, _ shape: Shape, _ numbers: [Double], _ comment: Comment = "") {
    #expect(found?.shape == shape, comment)
    for (found, expected) in zip(found?.scalars(as: Double.self) ?? [], numbers) {
      #expect(abs(found - expected) < 1e-14, comment)
    }
  }

  /// By hand: columns of mean 4, 10, 9 and variance 26/4, 0, 14/4; of least 1, 10, 7 and extent 7, 0, 5.
  @Test func oneByOne() throws {
    let ones = Tensor([1.0, 1, 1], shape: [1, 3])
    let scale = ScaleTransform(factor: 3, divisor: 4, offset: -1)
    expect(try scale.inverse(Tensor([-0.25, 0.5], shape: [2])), [2], [1, 2])
    let standardize = StandardizeTransform()
    let expected = [4 + (6.5).squareRoot(), 11, 9 + (3.5).squareRoot()]
    expect(try standardize.inverse(ones, standardize.fitted(to: inputs)), [1, 3], expected)
    let unit = NormalizeRangeTransform()
    expect(try unit.inverse(ones * 2, unit.fitted(to: inputs)), [1, 3], [15, 12, 17])
    let range = NormalizeRangeTransform(-1...3)
    expect(try range.inverse(ones, range.fitted(to: inputs)), [1, 3], [4.5, 10.5, 9.5])
    let images = Tensor((0..<24).map { Float($0) }, shape: [2, 3, 4])
    let flatten = FlattenTransform()
    let learned = try flatten.fitted(to: images)
    let again = try #require(try flatten.inverse(flatten(images), learned))
    #expect(again.shape == [2, 3, 4] && again.scalars(as: Float.self) == images.scalars(as: Float.self))
    #expect(try flatten.inverse(Tensor.zeros([7, 12]), learned)?.shape == [7, 3, 4])
    #expect(try flatten.inverse(Tensor.zeros([5, 1]), flatten.fitted(to: Tensor.zeros([5])))?.shape == [5])
    #expect(try flatten.inverse(Tensor.zeros([7, 12]), [:]) == nil)
    #expect(
      dataError { _ = try flatten.inverse(Tensor.zeros([7, 5]), learned) }.contains(
        "float32[7, 5] does not fill examples of [3, 4]"))
    #expect(
      dataError { _ = try standardize.inverse(ones, [:]) }.contains("expected the fitted tensor 'mean', found none"))
  }

  @Test func everyTransformOfOursHasOne() throws {
    let required: [String: ConfigurationObject] = ["reshape": ["shape": [3, 1]]]
    // Differences need the steps before: ForecastTests.
    for entry in try dataRegistries().entries(of: .transform) where entry.name != DifferenceTransform.name {
      let transform = try dataRegistries().make(.transform, entry.name, required[entry.name] ?? [:])
      let learned = try transform.fitted(to: inputs)
      let back = try transform.inverse(transform(inputs, learned), learned)
      expect(back, inputs.shape, inputs.scalars(as: Double.self), "\(entry.name)")
    }
  }

  @Test func theLastIsUndoneFirst() throws {
    let transforms: [any Transform] = [
      ScaleTransform(divisor: 2), StandardizeTransform(), FlattenTransform(),
      NormalizeRangeTransform(-1...1, per: .all),
    ]
    let bytes = Tensor([2, 4, 6, 8, 10, 12, 14, 255].map { UInt8($0) }, shape: [2, 2, 2, 1])
    let preprocessing = try Preprocessing(transforms, dtype: .float64, fittedTo: bytes)
    let saved = Preprocessing(transforms, dtype: .float64, learned: preprocessing.learned)
    let expected = bytes.scalars(as: Double.self)
    expect(try saved.inverse(preprocessing(bytes)), bytes.shape, expected)
    #expect(try saved.inverse(preprocessing(bytes))?.dtype == .float64)
    let none = try Preprocessing([ScaleTransform(divisor: 2), Magnitude()], dtype: .float32, fittedTo: bytes)
    #expect(try none.inverse(bytes) == nil)
    #expect(try Preprocessing([], dtype: .float32, learned: []).inverse(bytes)?.dtype == .float32)
  }
}
