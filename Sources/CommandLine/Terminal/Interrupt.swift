import Foundation
import Synchronization

/// Ctrl-C, a polite kill, a closed terminal and a pipe that nobody reads any more, noted instead of obeyed at once; a second
/// signal of the kind ends the process, also while it saves: the files of the run are then the last ones that were whole.
enum Interrupt {
  private static let seen = Atomic(false)
  private static let kinds = [SIGINT, SIGTERM, SIGHUP, SIGPIPE]

  /// Notes interrupts from here on. What the process was started to ignore (SIGHUP under `nohup`, SIGINT in the background
  /// of a script) stays ignored.
  static func watch() {
    // Also makes sure that the handler does not come upon it first.
    seen.store(false, ordering: .relaxed)
    // Whoever started the process may have passed on blocked signals, as Foundation's Process does from a worker thread.
    var signals = sigset_t()
    sigemptyset(&signals)
    for kind in kinds where !isIgnored(kind) {
      sigaddset(&signals, kind)
      signal(kind) { kind in
        Interrupt.seen.store(true, ordering: .relaxed)
        // Each further write to the pipe brings one, and none of them is somebody's wish.
        if kind != SIGPIPE { signal(kind, SIG_DFL) }
      }
    }
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
  }

  /// Leaves interrupts to the system again.
  static func unwatch() {
    for kind in kinds where !isIgnored(kind) { signal(kind, SIG_DFL) }
  }

  /// Whether one came.
  static var isPending: Bool { seen.load(ordering: .relaxed) }

  private static func isIgnored(_ kind: Int32) -> Bool {
    let action = signal(kind, SIG_IGN)
    signal(kind, action)
    return unsafeBitCast(action, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
  }
}
