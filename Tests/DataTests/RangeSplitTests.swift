import AviaryCore
import AviaryData
import AviaryRegistry
import Testing

@Suite struct RangeSplitTests {
  private func partition(_ configuration: ConfigurationObject) throws -> Partition {
    try dataRegistries().make(.split, "ranges", configuration)
      .partition(countingSet(8), random: RandomSource(seed: 1))
  }

  @Test func rangesAreRows() throws {
    #expect(
      try partition(["train": "0..<3", "validation": "3..<4", "test": "6..<8"])
        == Partition(train: [0, 1, 2], validation: [3], test: [6, 7]))
    #expect(try partition(["test": " 7..<8, 0..<2 "]) == Partition(train: [2, 3, 4, 5, 6], test: [7, 0, 1]))
    #expect(try partition([:]) == Partition(train: Array(0..<8)))
    #expect(
      try RangeSplit(train: 2..<4, test: 0..<1).partition(countingSet(8), random: RandomSource(seed: 1))
        == Partition(train: [2, 3], test: [0]))
  }

  @Test(arguments: [
    "", "3", "0..3", "3..<3", "4..<3", "-1..<3", "0..<3,", "0..<x", "0..<1..<2", "0..<99999999999999999999",
  ])
  func otherTextsAreRefused(_ text: String) throws {
    let error = #expect(throws: ConfigurationError.self) { try partition(["test": .string(text)]) }
    #expect(error?.description.contains("test: expected ranges of rows such as \"0..<100\"") == true, "\(text)")
  }

  @Test func rangesThatDoNotFitAreRefused() throws {
    #expect(
      dataError { _ = try partition(["test": "6..<9"]) }.contains(
        "test: expected rows from 0 to 7 of 'counting', found the range 6..<9"))
    #expect(
      dataError { _ = try partition(["test": "6..<8", "train": "0..<7"]) }.contains("row 6 is already in test"))
    #expect(dataError { _ = try partition(["test": "0..<9223372036854775807"]) }.contains("found the range"))
    #expect(dataError { _ = try partition(["test": "0..<8"]) }.contains("leave no training rows"))
  }
}
