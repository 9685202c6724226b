import Synchronization

/// Notes where files and folders were found, by what the recipe calls them: what a run remembers of its data.
package final class FoundFiles: Sendable {
  private let notes = Mutex<[String: String]>([:])

  /// Nothing yet.
  package init() {}

  /// The absolute paths by what was asked for.
  package var paths: [String: String] { notes.withLock { $0 } }

  func note(_ name: String, at path: String) {
    let path = path.resolvedPath ?? path
    notes.withLock { $0[name] = path }
  }
}
