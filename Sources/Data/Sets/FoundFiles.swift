import Synchronization

/// Records where files and folders were found, by their names in the recipe, for a run to remember.
package final class FoundFiles: Sendable {
  private let notes = Mutex<[String: String]>([:])

  package init() {}

  /// The absolute paths by requested name.
  package var paths: [String: String] { notes.withLock { $0 } }

  func note(_ name: String, at path: String) {
    let path = path.resolvedPath ?? path
    notes.withLock { $0[name] = path }
  }
}
