import AviaryCore
import AviaryData
import AviaryRegistry
import Testing

@Suite struct GivenSplitTests {
  private var set: DataSet {
    var set = countingSet(10)
    set.parts = ["test": 0..<3, "train": 3..<10]
    return set
  }

  private func partition(_ configuration: ConfigurationObject) throws -> Partition {
    try dataRegistries().make(.split, "given", configuration).partition(set, random: RandomSource(seed: 1))
  }

  @Test func partsAreTheMakers() throws {
    #expect(try partition([:]) == Partition(train: [3, 4, 5, 6, 7, 8, 9], test: [0, 1, 2]))
    var three = set
    three.parts["validation"] = 8..<10
    three.parts["train"] = 3..<8
    #expect(
      try GivenSplit().partition(three, random: RandomSource(seed: 1))
        == Partition(train: [3, 4, 5, 6, 7], validation: [8, 9], test: [0, 1, 2]))
  }

  @Test func validationComesFromTheTrainingPart() throws {
    let expected = Partition(train: [3, 4, 5, 6, 7], validation: [8, 9], test: [0, 1, 2])
    #expect(try partition(["validationCount": 2]) == expected)
    #expect(try partition(["validation": 0.3]) == expected)
    let shuffled = try partition(["validationCount": 2, "shuffled": true])
    #expect(shuffled.test == expected.test)
    #expect((shuffled.train + shuffled.validation).sorted() == Array(3..<10))
    #expect(shuffled.validation.count == 2)
    #expect(shuffled != expected)
  }

  @Test func missingPartsAreNamed() throws {
    let random = RandomSource(seed: 1)
    #expect(
      dataError { _ = try GivenSplit().partition(countingSet(3), random: random) }.contains(
        "expected a non-empty part 'train', found no parts"))
    var odd = set
    odd.parts = ["test": 0..<2]
    #expect(dataError { _ = try GivenSplit().partition(odd, random: random) }.contains("found 'test'"))
    #expect(
      dataError { _ = try partition(["validationCount": 7]) }.contains("7 validation rows use up the 7 rows"))
  }
}
