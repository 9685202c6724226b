import AviaryCore
import AviaryData
import AviaryRegistry
import Testing

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

private let hasMNIST = dataFolder.map { FileManager.default.fileExists(atPath: $0 + "/mnist") } ?? false

/// The real files.
@Suite(.enabled(if: hasMNIST, "set AVIARY_DATA to a folder with mnist to run these"))
struct MNISTTests {
  private func load() throws -> DataSet {
    try dataRegistries().make(.dataSet, "mnist").load(DataEnvironment(folder: dataFolder))
  }

  @Test func filesAreTheOriginals() throws {
    let set = try load()
    #expect(set.inputs.spec == TensorSpec([70000, 28, 28, 1], .uint8))
    #expect(set.parts == ["train": 0..<60000, "test": 60000..<70000])
    let labels = try #require(set.labels).scalars(as: Int.self)
    #expect(labels[..<10] == [5, 0, 4, 1, 9, 2, 1, 3, 1, 4])
    #expect(labels[60000..<60010] == [7, 2, 1, 0, 4, 1, 4, 9, 5, 9])
    let counts = (0..<10).map { digit in labels[..<60000].count { $0 == digit } }
    #expect(counts == [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949])
    // As every tutorial prints it.
    #expect(abs(set.inputs[0..<60000].cast(to: .float64).mean().item() / 255 - 0.1306604762738429) < 1e-12)
  }

  @Test func splitsOfTheLiterature() throws {
    let set = try load()
    let lecture = try dataRegistries().make(.split, "given", ["validationCount": 10000])
      .partition(set, random: RandomSource(seed: 1))
    #expect(lecture.train == Array(0..<50000))
    #expect(lecture.validation == Array(50000..<60000))
    #expect(lecture.test == Array(60000..<70000))
    let ranges: ConfigurationObject = ["train": "0..<50000", "validation": "50000..<59600", "test": "60000..<69600"]
    let batches = try dataRegistries().make(.split, "ranges", ranges).partition(set, random: RandomSource(seed: 1))
    #expect(batches.train == lecture.train)
    #expect(batches.validation == Array(50000..<59600))
    #expect(batches.test == Array(60000..<69600))
  }
}
