import Dispatch
import Synchronization

/// A batch that another thread begins to prepare at once.
///
/// If the other thread has not begun when the batch is needed, the asking thread prepares it instead. So nobody waits
/// for a thread that may not come, and an unused batch costs at most the work already begun; nothing has to be stopped
/// or joined.
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

  /// The batch; waits until it is ready.
  func value() -> Batch {
    if let batch = makeUnlessBegun() { return batch }
    while true {
      if case .done(let batch) = state.withLock({ $0 }) { return batch }
      finished.wait()
      // Wakes other waiting threads, too.
      finished.signal()
    }
  }

  /// Prepares the batch, or returns nil if another thread has begun.
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
