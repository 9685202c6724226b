import AviaryCore
import AviaryData
import Dispatch
import Synchronization
import Testing

@Suite struct PrefetchTests {
  /// Counts what is alive and what was made.
  private final class Probe: Sendable {
    let made = Mutex<[Int]>([])
  }

  @Test func nextBatchIsMadeAhead() {
    let probe = Probe()
    let ahead = DispatchSemaphore(value: 0)
    let loader = BatchLoader(countingSet(8), batchSize: 2) { batch in
      probe.made.withLock { $0.append(batch.rows[0]) }
      if batch.rows[0] == 2 { ahead.signal() }
      return batch
    }
    var iterator = loader.makeIterator()
    #expect(iterator.next()?.rows == [0, 1])
    // The second batch was never requested.
    #expect(ahead.wait(timeout: .now() + .seconds(20)) == .success)
    #expect(iterator.next()?.rows == [2, 3])
    #expect(iterator.next()?.rows == [4, 5])
    #expect(iterator.next()?.rows == [6, 7])
    #expect(iterator.next() == nil)
    #expect(probe.made.withLock { $0 } == [0, 2, 4, 6])
  }

  @Test func stoppingEarlyLeavesNothingBehind() {
    weak var remains: Probe?
    do {
      let probe = Probe()
      remains = probe
      for _ in 0..<200 {
        for batch in BatchLoader(
          countingSet(50), batchSize: 5,
          preparing: { [probe] in
            probe.made.withLock { $0.append(1) }
            return $0
          }) where batch.rows[0] >= 10
        {
          break
        }
      }
      // Three requested batches, and at most one ahead.
      let made = probe.made.withLock { $0.count }
      #expect((600...800).contains(made))
    }
    // A batch may still be in preparation.
    let deadline = DispatchTime.now() + .seconds(20)
    while remains != nil, DispatchTime.now() < deadline { _ = DispatchSemaphore(value: 0).wait(timeout: .now() + 0.01) }
    #expect(remains == nil)
  }

  @Test func copiesOfAnIteratorAreIndependent() {
    var first = BatchLoader(countingSet(20), batchSize: 3, prefetching: true).makeIterator()
    _ = first.next()
    var second = first
    #expect(first.next()?.rows == [3, 4, 5])
    #expect(first.next()?.rows == [6, 7, 8])
    #expect(second.next()?.rows == [3, 4, 5])
    #expect(second.next()?.rows == [6, 7, 8])
  }

  @Test func manyLoadersAtOnceComeToTheirEnd() async {
    // More loops than the machine has threads, all of which wait for others.
    let sums = await withTaskGroup(of: Int.self, returning: [Int].self) { group in
      for seed in 0..<32 {
        group.addTask {
          BatchLoader(countingSet(64), batchSize: 4, shuffling: RandomSource(seed: UInt64(seed)), prefetching: true)
            .reduce(0) { $0 + $1.rows.reduce(0, +) }
        }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    #expect(sums == [Int](repeating: 63 * 64 / 2, count: 32))
  }
}
