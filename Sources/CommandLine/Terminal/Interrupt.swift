import Foundation
import Synchronization

/// Ctrl-C, noted instead of obeyed at once; a second one ends the process.
enum Interrupt {
  private static let seen = Atomic(false)

  /// Notes interrupts from here on.
  static func watch() {
    for kind in [SIGINT, SIGTERM] {
      signal(kind) { kind in
        Interrupt.seen.store(true, ordering: .relaxed)
        signal(kind, SIG_DFL)
      }
    }
  }

  /// Whether one came.
  static var isPending: Bool { seen.load(ordering: .relaxed) }
}
