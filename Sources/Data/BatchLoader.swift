import AviaryCore

/// Some examples that are processed together.
public struct Batch: Sendable {
  /// [size, …].
  public var inputs: Tensor
  /// Labels [size] or values [size, …].
  public var targets: Tensor?
  /// The examples' rows in the set.
  public var rows: [Int]

  /// A batch.
  public init(inputs: Tensor, targets: Tensor?, rows: [Int]) {
    self.inputs = inputs
    self.targets = targets
    self.rows = rows
  }

  /// How many examples.
  public var count: Int { rows.count }
}

/// The batches of one epoch.
///
/// ```swift
/// for batch in BatchLoader(set, batchSize: 32, shuffling: random["shuffle"], epoch: epoch) { … }
/// ```
public struct BatchLoader: Sequence, Sendable {
  let set: DataSet
  let batchSize: Int
  let random: RandomSource?
  let epoch: Int
  let dropsLast: Bool
  let start: Int

  /// The batches of an epoch.
  ///
  /// - Parameters:
  ///   - set: the examples.
  ///   - batchSize: how many a batch; nil takes all in one.
  ///   - random: shuffles the rows, anew for each epoch; nil keeps their order.
  ///   - epoch: which epoch.
  ///   - dropsLast: leaves out a last batch that is smaller than the others.
  ///   - batch: the first batch to give, for a training that goes on in the middle of an epoch.
  public init(
    _ set: DataSet, batchSize: Int?, shuffling random: RandomSource? = nil, epoch: Int = 0, dropsLast: Bool = false,
    startingAt batch: Int = 0
  ) {
    precondition(batchSize ?? 1 > 0, "a batch of \(batchSize ?? 0) examples")
    self.set = set
    self.batchSize = batchSize ?? Swift.max(set.count, 1)
    self.random = random
    self.epoch = epoch
    self.dropsLast = dropsLast
    start = batch
  }

  /// How many batches the epoch has in all.
  public var batchCount: Int {
    dropsLast ? set.count / batchSize : (set.count + batchSize - 1) / batchSize
  }

  /// The batches from the first to give.
  public func makeIterator() -> AnyIterator<Batch> {
    let order = random.map { $0.at(step: epoch).permutation(set.count).scalars(as: Int.self) }
    var next = start
    return AnyIterator { [self] in
      guard next < batchCount else { return nil }
      let range = (next * batchSize)..<Swift.min((next + 1) * batchSize, set.count)
      next += 1
      guard let order else {
        return Batch(inputs: set.inputs[range], targets: set.targets?[range], rows: Array(range))
      }
      let rows = Array(order[range])
      let part = set.subset(rows)
      return Batch(inputs: part.inputs, targets: part.targets, rows: rows)
    }
  }
}
