import AviaryCore

extension BatchLoader {
  /// Iterates over the batches, and prepares the next one in advance if that pays.
  public struct Iterator: IteratorProtocol, Sendable {
    private let loader: BatchLoader
    /// The row indices in this epoch's order; nil for the set's own order.
    private let order: Tensor?
    private var position: Int
    private var prefetched: PrefetchedBatch?

    init(_ loader: BatchLoader) {
      self.loader = loader
      order = loader.random.map { $0.at(step: loader.epoch).permutation(loader.set.count) }
      position = loader.start
    }

    /// The next batch, or nil at the end of the epoch.
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
