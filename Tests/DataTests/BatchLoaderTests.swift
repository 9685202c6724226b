import AviaryCore
import AviaryData
import Testing

@Suite struct BatchLoaderTests {
  private let random = RandomSource(seed: 7)

  @Test func ordersTheRows() {
    let set = countingSet(10)
    let batches = Array(BatchLoader(set, batchSize: 4))
    #expect(batches.map(\.rows) == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]])
    #expect(batches[2].inputs.scalars(as: Int.self) == [80, 81, 90, 91])
    #expect(batches[2].targets?.scalars(as: Int.self) == [2, 0])
    #expect(BatchLoader(set, batchSize: 4, dropsLast: true).map(\.count) == [4, 4])
    #expect(BatchLoader(set, batchSize: 5, dropsLast: true).map(\.count) == [5, 5])
    #expect(BatchLoader(set, batchSize: nil).map(\.count) == [10])
    #expect(BatchLoader(set, batchSize: 99, dropsLast: true).map(\.count) == [10])
    #expect(BatchLoader(set, batchSize: Int.max).map(\.count) == [10])
    #expect(Array(BatchLoader(set.subset([]), batchSize: 4)).isEmpty)
  }

  @Test func unshuffledBatchesShareMemory() {
    let set = countingSet(10)
    let batch = Array(BatchLoader(set, batchSize: 5))[1]
    let start = set.inputs.withBytes { $0.baseAddress }
    #expect(batch.inputs.withBytes { $0.baseAddress } == start.map { $0 + 5 * 2 * 4 })
  }

  @Test(arguments: [false, true])
  func shuffledEpochsHoldEachRowOnce(_ prefetching: Bool) {
    let set = countingSet(23)
    var orders: Set<[Int]> = []
    for epoch in 0..<20 {
      let loader = BatchLoader(set, batchSize: 5, shuffling: random, epoch: epoch, prefetching: prefetching)
      let rows = loader.flatMap(\.rows)
      #expect(rows.sorted() == Array(0..<23))
      for batch in loader {
        let inputs = batch.rows.flatMap { row -> [Int] in [10 * row, 10 * row + 1] }
        #expect(batch.inputs.scalars(as: Int.self) == inputs)
        #expect(batch.targets?.scalars(as: Int.self) == batch.rows.map { $0 % 3 })
      }
      orders.insert(rows)
    }
    #expect(orders.count == 20)
  }

  @Test func orderFollowsSeedAndEpochAlone() {
    let set = countingSet(40)
    func rows(_ seed: UInt64, _ epoch: Int, _ prefetching: Bool) -> [[Int]] {
      BatchLoader(
        set, batchSize: 7, shuffling: RandomSource(seed: seed), epoch: epoch, prefetching: prefetching
      ).map(\.rows)
    }
    #expect(rows(1, 3, false) == rows(1, 3, true))
    #expect(rows(1, 3, false) != rows(2, 3, false))
    #expect(rows(1, 3, false) != rows(1, 4, false))
  }

  @Test(arguments: [false, true])
  func goesOnInTheMiddle(_ prefetching: Bool) {
    let set = countingSet(33)
    let whole = BatchLoader(set, batchSize: 4, shuffling: random, epoch: 2).map(\.rows)
    for start in 0...whole.count + 1 {
      let loader = BatchLoader(
        set, batchSize: 4, shuffling: random, epoch: 2, startingAt: start, prefetching: prefetching)
      #expect(loader.map(\.rows) == Array(whole.dropFirst(start)))
      #expect(loader.batchCount == whole.count)
    }
  }

  @Test func transposedInputsAreGathered() {
    var set = countingSet(6)
    set.inputs = Tensor((0..<12).map { Float($0) }, shape: [2, 6]).transposed()
    for batch in BatchLoader(set, batchSize: 4, shuffling: random) {
      #expect(batch.inputs.scalars(as: Int.self) == batch.rows.flatMap { [$0, $0 + 6] })
    }
  }

  @Test func batchesArePrepared() {
    let loader = BatchLoader(countingSet(6), batchSize: 2) { batch in
      var batch = batch
      batch.inputs = batch.inputs * 2
      return batch
    }
    let found: [Int] = loader.flatMap { $0.inputs.scalars(as: Int.self) }
    #expect(found == [0, 2, 20, 22, 40, 42, 60, 62, 80, 82, 100, 102])
  }
}
