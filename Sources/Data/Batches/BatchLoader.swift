import AviaryCore

/// The batches of one epoch.
///
/// ```swift
/// for batch in BatchLoader(set, batchSize: 32, shuffling: random["shuffle"], epoch: epoch) { … }
/// ```
///
/// The order of the rows is a pure function of the random source and the epoch: the same batches come whatever the number of
/// threads, and from the middle of an epoch exactly the remaining ones. Batches in the set's order share its memory; shuffled ones
/// are copies of a row at a time. Where making a batch takes long enough to be worth it, the next one is made on another
/// thread meanwhile.
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
  ///   - batchSize: how many a batch; nil takes all in one.
  ///   - random: shuffles the rows, anew for each epoch; nil keeps their order.
  ///   - epoch: which epoch.
  ///   - dropsLast: leaves out a last batch that is smaller than the others.
  ///   - batch: the first batch to give, for a training that goes on in the middle of an epoch.
  ///   - prefetching: makes the next batch on another thread; nil does so where there is enough to copy, or `prepare`.
  ///   - prepare: changes each batch, by augmentation for example; may run on another thread.
  ///   - file: the caller's file, for a trap's message.
  ///   - line: the caller's line.
  public init(
    _ set: DataSet, batchSize: Int?, shuffling random: RandomSource? = nil, epoch: Int = 0, dropsLast: Bool = false,
    startingAt batch: Int = 0, prefetching: Bool? = nil, preparing prepare: (@Sendable (Batch) -> Batch)? = nil,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    require(batchSize ?? 1 > 0, "a batch of \(batchSize ?? 0) examples", file, line)
    require(batch >= 0, "the first batch is the one at \(batch)", file, line)
    self.set = set
    // Gathering from a view with gaps would copy all of it for every batch.
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

  /// Rows are copied at more than 10 GB/s, and a batch that comes from another thread costs some 30 µs, more on a machine
  /// whose cores all work for the model: only copies of about a millisecond gain anything.
  static let leastBytesToPrefetch = 1 << 24

  /// How many batches the epoch has in all.
  public var batchCount: Int {
    dropsLast ? set.count / batchSize : (set.count + batchSize - 1) / batchSize
  }

  /// How many batches are left to give.
  public var underestimatedCount: Int { Swift.max(0, batchCount - start) }

  /// The batches from the first to give.
  public func makeIterator() -> Iterator { Iterator(self) }
}

extension DataSet {
  /// Bytes that an example takes.
  var bytesInRow: Int {
    let total = inputs.spec.byteCount + (targets?.spec.byteCount ?? 0)
    return total / Swift.max(count, 1)
  }
}
