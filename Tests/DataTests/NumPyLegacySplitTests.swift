import AviaryCore
import AviaryData
import AviaryRegistry
import Testing

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

@Suite struct NumPyLegacySplitTests {
  /// NumPy's own permutations, as stored for the tests of the generator.
  private func storedCases() throws -> [ConfigurationValue] {
    let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    let url = tests.appending(path: "CoreTests/Golden/numpy_legacy_permutation.json")
    let document = try ConfigurationValue(parsing: [UInt8](Data(contentsOf: url)), source: url.lastPathComponent)
    return try #require(document["cases"]?.arrayValue)
  }

  private func set(_ count: Int) -> DataSet { DataSet(name: "rows", inputs: Tensor.zeros([count, 1], dtype: .uint8)) }

  @Test func rowsAreNumPys() throws {
    var checked = 0
    for stored in try storedCases() {
      let count = try #require(stored["n"]?.integerValue)
      let configuration: ConfigurationObject = [
        "seed": try #require(stored["seed"]), "draw": try #require(stored["draw"]), "test": 0.3, "validation": 0.2,
      ]
      let split = try dataRegistries().make(.split, "numpy-legacy", configuration)
      let found = try split.partition(set(count), random: RandomSource(seed: 1))
      let rows = found.test + found.validation + found.train
      let first = try #require(stored["first"]?.arrayValue).compactMap(\.integerValue)
      let last = try #require(stored["last"]?.arrayValue).compactMap(\.integerValue)
      #expect(Array(rows.prefix(first.count)) == first)
      #expect(Array(rows.suffix(last.count)) == last)
      #expect(found.test.count == Int(Double(count) * 0.3))
      #expect(found.validation.count == Int(Double(count) * 0.2))
      #expect(rows.sorted() == Array(0..<count))
      checked += 1
    }
    #expect(checked > 10)
  }

  @Test func courseSplitHas279TestRows() throws {
    for (draw, first) in [(1, [2266, 1012, 2759]), (2, [2642, 1820, 2500])] {
      let found = try NumPyLegacySplit(draw: draw).partition(set(2790), random: RandomSource(seed: 1))
      #expect(found.test.count == 279)
      #expect(found.train.count == 2511)
      #expect(Array(found.test.prefix(3)) == first)
      #expect(found.validation.isEmpty)
    }
  }

  @Test func settingsOutOfRangeAreRefused() throws {
    let registries = try dataRegistries()
    for (text, path) in [
      (#"{"seed": -1}"#, "seed"), (#"{"seed": 4294967296}"#, "seed"), (#"{"draw": 0}"#, "draw"),
      (#"{"test": 0.5, "validation": 0.5}"#, "validation"),
    ] {
      let error = #expect(throws: ConfigurationError.self) {
        try registries.make(.split, "numpy-legacy", object(text))
      }
      #expect(error?.path.description == path)
    }
    #expect(
      dataError { _ = try NumPyLegacySplit().partition(set(0), random: RandomSource(seed: 1)) }.contains("0 rows"))
  }
}
