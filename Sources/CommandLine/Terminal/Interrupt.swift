import Foundation
import Synchronization

/// Ctrl-C, kill, a closed terminal and a closed pipe: noted instead of obeyed at once. A second signal ends the
/// process, even while it saves; the run's files then stay in their last complete state.
enum Interrupt {
  private static let seen = Atomic(false)
  private static let kinds = [SIGINT, SIGTERM, SIGHUP, SIGPIPE]

  /// Starts noting interrupts. Signals that the process was started to ignore (SIGHUP under `nohup`, SIGINT in a
  /// script's background job) stay ignored.
  static func watch() {
    // Also makes sure that the handler does not initialize it.
    seen.store(false, ordering: .relaxed)
    // The parent may have passed on blocked signals, as Foundation's Process does from a worker thread.
    var signals = sigset_t()
    sigemptyset(&signals)
    for kind in kinds where !isIgnored(kind) {
      sigaddset(&signals, kind)
      signal(kind) { kind in
        Interrupt.seen.store(true, ordering: .relaxed)
        // Every further write to the pipe raises one, and none of them is a request to stop.
        if kind != SIGPIPE { signal(kind, SIG_DFL) }
      }
    }
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
  }

  /// Restores the default handling of interrupts.
  static func unwatch() {
    for kind in kinds where !isIgnored(kind) { signal(kind, SIG_DFL) }
  }

  /// Whether an interrupt has arrived.
  static var isPending: Bool { seen.load(ordering: .relaxed) }

  private static func isIgnored(_ kind: Int32) -> Bool {
    let action = signal(kind, SIG_IGN)
    signal(kind, action)
    return unsafeBitCast(action, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
  }
}
