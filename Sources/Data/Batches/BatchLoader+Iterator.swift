import AviaryCore

extension BatchLoader {
  /// Gives the batches one after the other, and makes the next one ahead where that pays.
  public struct Iterator: IteratorProtocol, Sendable {
    private let loader: BatchLoader
    /// The rows in this epoch's order; nil for the set's own.
    private let order: Tensor?
    private var position: Int
    private var prefetched: PrefetchedBatch?

    init(_ loader: BatchLoader) {
      self.loader = loader
      order = loader.random.map { $0.at(step: loader.epoch).permutation(loader.set.count) }
      position = loader.start
    }

    /// The next batch, or nil at the epoch's end.
    public mutating func next() -> Batch? {
      guard position < loader.batchCount else { return nil }
      let batch = prefetched?.value() ?? Self.make(loader, order, position)
      position += 1
      prefetched = nil
      if loader.prefetches, position < loader.batchCount {
        prefetched = PrefetchedBatch { [loader, order, position] in Self.make(loader, order, position) }
      }
      return batch
    }

    private static func make(_ loader: BatchLoader, _ order: Tensor?, _ position: Int) -> Batch {
      let (set, size) = (loader.set, loader.batchSize)
      let range = (position * size)..<Swift.min((position + 1) * size, set.count)
      let batch: Batch
      if let positions = order?[range] {
        batch = Batch(
          inputs: set.inputs.gather(positions), targets: set.targets?.gather(positions),
          rows: positions.scalars(as: Int.self))
      } else {
        batch = Batch(inputs: set.inputs[range], targets: set.targets?[range], rows: Array(range))
      }
      return loader.prepare?(batch) ?? batch
    }
  }
}
