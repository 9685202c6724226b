import AviaryCore
import AviaryData
import Testing

/// Folds: every row is tested once, classes and time are respected.
@Suite struct KFoldSplitTests {
  private func set(_ count: Int, classes: Int = 3) -> DataSet { countingSet(count, classes: classes) }

  @Test(arguments: [(10, 5), (11, 4), (7, 7), (100, 3)], [KFoldSplit.Order.random, .stratified])
  func everyRowIsTestedOnce(_ shape: (Int, Int), _ order: KFoldSplit.Order) throws {
    let (count, folds) = shape
    let rows = set(count)
    let parts = try (1...folds).map {
      try KFoldSplit(folds: folds, fold: $0, order: order).partition(rows, random: RandomSource(seed: 3))
    }
    #expect(parts.flatMap(\.test).sorted() == Array(0..<count))
    for part in parts {
      #expect((part.train + part.test).sorted() == Array(0..<count) && part.validation.isEmpty)
      #expect(abs(part.test.count - count / folds) <= 1)
    }
  }

  @Test func classesAreAsFrequentInEachFold() throws {
    let rows = set(103, classes: 4)
    let labels = try #require(rows.labels).scalars(as: Int.self)
    for fold in 1...5 {
      let part = try KFoldSplit(folds: 5, fold: fold, order: .stratified).partition(rows, random: RandomSource(seed: 1))
      for label in 0..<4 {
        let all = Double(labels.count { $0 == label })
        #expect(abs(Double(part.test.count { labels[$0] == label }) - all / 5) <= 1)
      }
    }
  }

  @Test func theFutureIsNeverTrainedOn() throws {
    let rows = set(23)
    for fold in 1...4 {
      let part = try KFoldSplit(folds: 4, fold: fold, order: .ordered, validation: 0.25).partition(
        rows, random: RandomSource(seed: 1))
      let (last, first) = (try #require(part.train.max()), try #require(part.validation.min()))
      #expect(last < first && part.validation.max() ?? 0 < part.test.min() ?? 0 && part.test == part.test.sorted())
    }
  }

  @Test func validationRowsComeFromTheOthers() throws {
    let part = try KFoldSplit(folds: 5, fold: 2, validation: 0.25).partition(set(20), random: RandomSource(seed: 1))
    #expect(part.test.count == 4 && part.validation.count == 4 && part.train.count == 12)
    #expect((part.test + part.validation + part.train).sorted() == Array(0..<20))
  }

  @Test func tooFewRows() throws {
    #expect(throws: DataError.self) { try KFoldSplit(folds: 5).partition(set(4), random: RandomSource(seed: 1)) }
    let one = try KFoldSplit(folds: nil, fold: 4).partition(set(4), random: RandomSource(seed: 1))
    #expect(one.test.count == 1 && one.train.count == 3)
    #expect(throws: DataError.self) {
      try KFoldSplit(folds: nil, fold: 5).partition(set(4), random: RandomSource(seed: 1))
    }
  }
}
