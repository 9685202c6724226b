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
  let inTracks: Bool
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
  ///   - inTracks: whether consecutive rows appear in consecutive batches, so that row r of the next batch continues
  ///     row r of this one. Rows are then not shuffled, and the last batches may have fewer rows.
  ///   - batch: the first batch, for resuming in the middle of an epoch.
  ///   - prefetching: whether to prepare the next batch on another thread; nil does so if there is enough to copy, or
  ///     `prepare` is given.
  ///   - prepare: changes each batch, for example by augmentation; may run on another thread.
  ///   - file: the caller's file, for a trap's message.
  ///   - line: the caller's line.
  public init(
    _ set: DataSet, batchSize: Int?, shuffling random: RandomSource? = nil, epoch: Int = 0, dropsLast: Bool = false,
    inTracks: Bool = false, startingAt batch: Int = 0, prefetching: Bool? = nil,
    preparing prepare: (@Sendable (Batch) -> Batch)? = nil,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    require(batchSize ?? 1 > 0, "batchSize must be positive, not \(batchSize ?? 0)", file, line)
    require(batch >= 0, "the first batch must be at least 0, not \(batch)", file, line)
    self.set = set
    // Gathering from a strided view would copy all of it for every batch.
    self.set.inputs = set.inputs.contiguous()
    self.set.targets = set.targets?.contiguous()
    self.set.furtherInputs = set.furtherInputs.mapValues {
      FurtherInput($0.values.contiguous(), lengths: $0.lengths, symbols: $0.symbols)
    }
    self.batchSize = Swift.min(batchSize ?? Swift.max(set.count, 1), Swift.max(set.count, 1))
    self.random = inTracks ? nil : random
    self.inTracks = inTracks
    self.epoch = epoch
    self.dropsLast = dropsLast && !inTracks && (batchSize ?? 0) <= set.count
    start = batch
    self.prepare = prepare
    let bytesCopied = random == nil && !inTracks ? 0 : set.bytesInRow * self.batchSize
    prefetches = prefetching ?? (prepare != nil || bytesCopied >= BatchLoader.leastBytesToPrefetch)
  }

  /// The rows of a batch in tracks.
  func track(_ batch: Int) -> Tensor {
    let rows = (0..<batchSize).map { $0 * batchCount + batch }.filter { $0 < set.count }
    return Tensor(rows, shape: [rows.count])
  }

  /// The rows in the order of an epoch.
  ///
  /// Sequences of different lengths are batched with others of similar length, so that little of a batch is padding:
  /// the rows of every ``batchesSortedTogether`` shuffled batches are sorted by length, then the batches are shuffled.
  func order(_ random: RandomSource) -> Tensor {
    let order = random.permutation(set.count)
    guard let lengths = set.lengths, set.count > batchSize, Set(lengths).count > 1 else { return order }
    let rows = order.scalars(as: Int.self)
    let pieceSize = batchSize * BatchLoader.batchesSortedTogether
    let sorted = stride(from: 0, to: rows.count, by: pieceSize).flatMap { start in
      let piece = rows[start..<Swift.min(start + pieceSize, rows.count)].enumerated()
      return piece.sorted { (lengths[$0.element], $0.offset) < (lengths[$1.element], $1.offset) }.map(\.element)
    }
    // A smaller last batch stays last.
    let full = sorted.count / batchSize
    let batches = random["batches"].permutation(full).scalars(as: Int.self)
    let mixed = batches.flatMap { sorted[($0 * batchSize)..<(($0 + 1) * batchSize)] } + sorted[(full * batchSize)...]
    return Tensor(mixed, shape: [mixed.count])
  }

  /// Larger values give less padding, but also less random batches.
  static let batchesSortedTogether = 20

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
    let further = furtherInputs.values.reduce(0) { $0 + $1.values.spec.byteCount }
    let total = inputs.spec.byteCount + (targets?.spec.byteCount ?? 0) + further
    return total / Swift.max(count, 1)
  }
}
