import Foundation
import Synchronization

/// Ctrl-C, noted instead of obeyed at once; a second one ends the process.
enum Interrupt {
  private static let seen = Atomic(false)
  private static let kinds = [SIGINT, SIGTERM]

  /// Notes interrupts from here on.
  static func watch() {
    // Also makes sure that the handler does not come upon it first.
    seen.store(false, ordering: .relaxed)
    // Whoever started the process may have passed on blocked signals, as Foundation's Process does from a worker thread.
    var signals = sigset_t()
    sigemptyset(&signals)
    for kind in kinds {
      sigaddset(&signals, kind)
      signal(kind) { kind in
        Interrupt.seen.store(true, ordering: .relaxed)
        signal(kind, SIG_DFL)
      }
    }
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
  }

  /// Leaves interrupts to the system again.
  static func unwatch() {
    for kind in kinds { signal(kind, SIG_DFL) }
  }

  /// Whether one came.
  static var isPending: Bool { seen.load(ordering: .relaxed) }
}
