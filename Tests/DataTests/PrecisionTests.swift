import AviaryCore
import AviaryData
import Testing

/// Stored numbers are transformed in a type that represents all of them.
@Suite struct PrecisionTests {
  private let transforms: [any Transform] = [StandardizeTransform()]

  @Test(arguments: [DType.float64, .int64, .uint64, .int32, .uint32])
  func timeStampsStayApart(_ dtype: DType) throws {
    let stamps = Tensor((0..<8).map { 1_700_000_000 + 60 * $0 }, shape: [8, 1]).cast(to: dtype)
    let preprocessing = try Preprocessing(transforms, dtype: .float32, fittedTo: stamps)
    let result = try preprocessing(stamps)
    #expect(result.spec == TensorSpec([8, 1], .float32))
    // (i − 3.5) / √5.25
    for (row, value) in result.scalars(as: Double.self).enumerated() {
      #expect(abs(value - (Double(row) - 3.5) / 2.29128784747792) < 1e-6)
    }
    let range = try Preprocessing([NormalizeRangeTransform()], dtype: .float32, fittedTo: stamps)(stamps)
    #expect(abs(range.scalars(as: Double.self)[1] - 1.0 / 7) < 1e-7)
    // Back again they are rounded once, to the nearest float32.
    let back = try preprocessing.inverse(result)?.scalars(as: Float.self)
    #expect(back?[0] == 1_700_000_000)
  }

  @Test func piecesMakeTheWhole() throws {
    let width = 1 << 18
    let numbers = Tensor((0..<5 * width).map { Double($0 % 1000) / 7 }, shape: [5, width])
    let preprocessing = try Preprocessing(transforms + [FlattenTransform()], dtype: .float32, fittedTo: numbers)
    let whole = try preprocessing(numbers)
    #expect(whole.shape == [5, width])
    for row in 0..<5 {
      #expect(try preprocessing(numbers[row..<row + 1]).scalars(as: Float.self) == whole[row].scalars(as: Float.self))
    }
  }

  /// Bytes are transformed in float32, with one rounding per operation.
  @Test func bytesKeepTheirBits() throws {
    let bytes = Tensor((0..<256).map { UInt8($0) }, shape: [64, 4])
    let preprocessing = try Preprocessing(transforms, dtype: .float32, fittedTo: bytes)
    let mean = try #require(preprocessing.learned[0]["mean"]).scalars(as: Float.self)
    let deviation = try #require(preprocessing.learned[0]["deviation"]).scalars(as: Float.self)
    let expected = (0..<256).map { (Float($0) - mean[$0 % 4]) / deviation[$0 % 4] }
    #expect(try preprocessing(bytes).scalars(as: Float.self) == expected)
  }

  @Test func whatFloat32LacksIsNamed() throws {
    let inputs = Tensor([1, 2, 3, 1e300], shape: [2, 2])
    let preprocessing = try Preprocessing([], dtype: .float32, fittedTo: inputs)
    #expect(
      dataError { _ = try preprocessing(inputs) }.contains(
        "first in row 1, element 1 of 2: 1e+300 becomes inf in float32"))
    #expect(try Preprocessing(transforms, dtype: .float32, fittedTo: inputs)(inputs).isFinite().all().item() == 1)
  }
}
