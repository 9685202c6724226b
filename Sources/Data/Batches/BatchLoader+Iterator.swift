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
      order = loader.random.map { loader.order($0.at(step: loader.epoch)) }
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
      let positions = loader.inTracks ? loader.track(position) : order?[range]
      let rows = positions?.scalars(as: Int.self) ?? Array(range)
      func taken(_ values: Tensor) -> Tensor { positions.map { values.gather($0) } ?? values[range] }
      var batch = Batch(inputs: taken(set.inputs), targets: set.targets.map(taken), rows: rows)
      if let lengths = set.lengths {
        batch.lengths = rows.map { lengths[$0] }
        batch.inputs = batch.inputs.cropped(to: batch.lengths)
      }
      if !set.furtherInputs.isEmpty {
        batch.furtherInputs = set.furtherInputs.mapValues { $0.with(rows, taken).cropped }
      }
      batch.forecast = set.forecast?.with(rows, taken)
      return loader.prepare?(batch) ?? batch
    }
  }
}
