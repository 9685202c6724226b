import AviaryCore

/// The batches of one epoch.
///
/// ```swift
/// for batch in BatchLoader(set, batchSize: 32, shuffling: random["shuffle"], epoch: epoch) { … }
/// ```
///
/// The order of the rows is a pure function of the random source and the epoch: batches do not depend on the number of
/// threads, and starting in the middle of an epoch gives exactly the remaining ones. Batches in the set's order share
/// its memory; shuffled ones are copied row by row. If preparing a batch takes long enough, the next one is prepared on
/// another thread meanwhile.
public struct BatchLoader: Sequence, Sendable {
  private(set) var set: DataSet
  let batchSize: Int
  let random: RandomSource?
  let epoch: Int
  let dropsLast: Bool
  let start: Int
  let prepare: (@Sendable (Batch) -> Batch)?
  let prefetches: Bool

  /// The batches of an epoch.
  ///
  /// - Parameters:
  ///   - set: the examples.
  ///   - batchSize: rows per batch; nil puts all rows in one batch.
  ///   - random: shuffles the rows anew for each epoch; nil keeps their order.
  ///   - epoch: the epoch's number.
  ///   - dropsLast: whether to drop a smaller last batch.
  ///   - batch: the first batch, for resuming in the middle of an epoch.
  ///   - prefetching: whether to prepare the next batch on another thread; nil does so if there is enough to copy, or
  ///     `prepare` is given.
  ///   - prepare: changes each batch, for example by augmentation; may run on another thread.
  ///   - file: the caller's file, for a trap's message.
  ///   - line: the caller's line.
  public init(
    _ set: DataSet, batchSize: Int?, shuffling random: RandomSource? = nil, epoch: Int = 0, dropsLast: Bool = false,
    startingAt batch: Int = 0, prefetching: Bool? = nil, preparing prepare: (@Sendable (Batch) -> Batch)? = nil,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    require(batchSize ?? 1 > 0, "batchSize must be positive, not \(batchSize ?? 0)", file, line)
    require(batch >= 0, "the first batch must be at least 0, not \(batch)", file, line)
    self.set = set
    // Gathering from a strided view would copy all of it for every batch.
    self.set.inputs = set.inputs.contiguous()
    self.set.targets = set.targets?.contiguous()
    self.batchSize = Swift.min(batchSize ?? Swift.max(set.count, 1), Swift.max(set.count, 1))
    self.random = random
    self.epoch = epoch
    self.dropsLast = dropsLast && (batchSize ?? 0) <= set.count
    start = batch
    self.prepare = prepare
    let bytesCopied = random == nil ? 0 : set.bytesInRow * self.batchSize
    prefetches = prefetching ?? (prepare != nil || bytesCopied >= BatchLoader.leastBytesToPrefetch)
  }

  /// Rows are copied at more than 10 GB/s, and handing a batch over from another thread costs some 30 µs, or more if
  /// the model keeps all cores busy: only copies that take about a millisecond gain anything.
  static let leastBytesToPrefetch = 1 << 24

  /// The number of batches in the epoch.
  public var batchCount: Int {
    dropsLast ? set.count / batchSize : (set.count + batchSize - 1) / batchSize
  }

  /// The number of remaining batches.
  public var underestimatedCount: Int { Swift.max(0, batchCount - start) }

  public func makeIterator() -> Iterator { Iterator(self) }
}

extension DataSet {
  /// The size of an example in bytes.
  var bytesInRow: Int {
    let total = inputs.spec.byteCount + (targets?.spec.byteCount ?? 0)
    return total / Swift.max(count, 1)
  }
}
