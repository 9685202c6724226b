import Dispatch
import Synchronization

/// A batch that another thread begins to make at once.
///
/// Whoever comes first makes it: if the other thread has not begun when the batch is asked for, the asking thread does the
/// work itself. So nobody ever waits for a thread that may not come, and a batch that is never asked for costs at
/// most the work that was begun; nothing has to be stopped or joined.
final class PrefetchedBatch: Sendable {
  private enum State {
    case waiting
    case running
    case done(Batch)
  }

  private let state = Mutex(State.waiting)
  private let finished = DispatchSemaphore(value: 0)
  private let make: @Sendable () -> Batch

  init(_ make: @escaping @Sendable () -> Batch) {
    self.make = make
    DispatchQueue.global(qos: .userInitiated).async { [weak self] in _ = self?.makeUnlessBegun() }
  }

  /// The batch; waits until it is there.
  func value() -> Batch {
    if let batch = makeUnlessBegun() { return batch }
    while true {
      if case .done(let batch) = state.withLock({ $0 }) { return batch }
      finished.wait()
      // For whoever waits as well.
      finished.signal()
    }
  }

  /// Makes the batch, or nil where somebody has begun before.
  private func makeUnlessBegun() -> Batch? {
    let isFirst = state.withLock { state in
      guard case .waiting = state else { return false }
      state = .running
      return true
    }
    guard isFirst else { return nil }
    let batch = make()
    state.withLock { $0 = .done(batch) }
    finished.signal()
    return batch
  }
}
