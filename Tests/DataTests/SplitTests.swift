import AviaryCore
import AviaryData
import AviaryRegistry
import Testing

@Suite struct SplitTests {
  /// Every row exactly once.
  private func isComplete(_ partition: Partition, _ count: Int) -> Bool {
    (partition.train + partition.validation + partition.test).sorted() == Array(0..<count)
  }

  @Test(arguments: ["fractions", "stratified"])
  func partsAreDisjointAndComplete(_ name: String) throws {
    let registries = try dataRegistries()
    for seed in 0..<60 {
      let count = 5 + 7 * seed
      let set = countingSet(count, classes: 1 + seed % 4)
      let (test, validation) = (Double(seed % 5) * 0.1, Double(seed % 3) * 0.15)
      let split = try registries.make(.split, name, ["test": .number(test), "validation": .number(validation)])
      let random = RandomSource(seed: UInt64(seed))
      let partition = try split.partition(set, random: random)
      #expect(isComplete(partition, count))
      #expect(partition.test.count == (test == 0 ? 0 : max(1, Int((Double(count) * test).rounded()))))
      #expect(partition.validation.count == (validation == 0 ? 0 : max(1, Int((Double(count) * validation).rounded()))))
      #expect(try split.partition(set, random: random) == partition)
    }
  }

  @Test(arguments: ["fractions", "stratified"])
  func seedsMatter(_ name: String) throws {
    let set = countingSet(50)
    let registries = try dataRegistries()
    let split = try registries.make(.split, name)
    let partitions = try (0..<20).map { try split.partition(set, random: RandomSource(seed: $0)).test }
    #expect(Set(partitions).count == 20)
    let fixed = try registries.make(.split, name, ["seed": 3])
    let fixedPartitions = try (0..<5).map { try fixed.partition(set, random: RandomSource(seed: $0)).test }
    #expect(Set(fixedPartitions) == [partitions[3]])
  }

  @Test func rowsAreDrawnEvenly() throws {
    // Each of 20 rows is in a test part of 5 with probability 1/4: over 400 seeds 100 times, standard deviation 8.7.
    var counts = [Int](repeating: 0, count: 20)
    for seed in 0..<400 {
      let partition = try FractionSplit(test: 0.25).partition(countingSet(20), random: RandomSource(seed: UInt64(seed)))
      for row in partition.test { counts[row] += 1 }
    }
    #expect(counts.allSatisfy { (55...145).contains($0) })
  }

  @Test func classesKeepTheirShares() throws {
    // 61 rows of class 0, 30 of class 1, 9 of class 2.
    let labels = (0..<100).map { $0 < 61 ? 0 : $0 < 91 ? 1 : 2 }
    let set = DataSet(name: "uneven", inputs: Tensor.zeros([100, 1]), targets: Tensor(labels, shape: [100]))
    let split = StratifiedSplit(test: 0.2, validation: 0.1)
    func counts(_ rows: [Int]) -> [Int] { (0..<3).map { label in rows.count { labels[$0] == label } } }
    for seed in 0..<10 {
      let partition = try split.partition(set, random: RandomSource(seed: UInt64(seed)))
      // Exact shares 12.2, 6, 1.8 and 6.1, 3, 0.9.
      #expect(counts(partition.test) == [12, 6, 2])
      #expect(counts(partition.validation) == [6, 3, 1])
      #expect(isComplete(partition, 100))
      // Not sorted by class, which would harm training without shuffling.
      #expect(Set(partition.train.prefix(30).map { labels[$0] }).count > 1)
    }
  }

  @Test func tinyClassesAreSharedOut() throws {
    // One row per class, so that exact shares are 0.5 and 0.4 of a row.
    let set = countingSet(10, classes: 10)
    for seed in 0..<20 {
      let partition = try StratifiedSplit(test: 0.5, validation: 0.4).partition(
        set, random: RandomSource(seed: UInt64(seed)))
      #expect(partition.test.count == 5)
      #expect(partition.validation.count == 4)
      #expect(isComplete(partition, 10))
    }
  }

  @Test func whatCannotBePartedIsRefused() throws {
    let random = RandomSource(seed: 1)
    #expect(
      dataError { _ = try FractionSplit(test: 0.5, validation: 0.4).partition(countingSet(2), random: random) }
        .contains("2 rows are too few for a test part of 1 and a validation part of 1"))
    var set = countingSet(9)
    set.targets = nil
    #expect(
      dataError { _ = try StratifiedSplit(test: 0.5).partition(set, random: random) }.contains(
        "use the split 'fractions'"))
  }

  @Test func allRowsTrain() throws {
    let random = RandomSource(seed: 1)
    #expect(try NoSplit().partition(countingSet(4), random: random) == Partition(train: [0, 1, 2, 3]))
    #expect(try SameSplit().partition(countingSet(3), random: random) == Partition(train: [0, 1, 2], test: [0, 1, 2]))
  }
}
