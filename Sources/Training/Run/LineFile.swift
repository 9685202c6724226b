#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A text file that grows line by line; each line reaches the system at once. It is locked while it is open, for others to see
/// that a run is under way: the lock ends with the process, however that ends.
package final class LineFile {
  private let descriptor: Int32
  private let path: String

  init(appendingTo path: String) throws {
    self.path = path
    descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT, 0o644)
    guard descriptor >= 0 else { throw TrainingError.folder(path, "it cannot be written: \(LineFile.reason)") }
    // Advice to readers only; file systems without locks go without.
    _ = flock(descriptor, LOCK_EX | LOCK_NB)
  }

  deinit { close(descriptor) }

  /// Whether some process has the file open to append lines.
  package static func isGrowing(_ path: String) -> Bool {
    let descriptor = open(path, O_RDONLY)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    return flock(descriptor, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK
  }

  func append(_ line: String) throws {
    let bytes = Array((line + "\n").utf8)
    guard write(descriptor, bytes, bytes.count) == bytes.count else {
      throw TrainingError.folder(path, "it cannot be written: \(LineFile.reason)")
    }
  }

  private static var reason: String { String(cString: strerror(errno)) }
}
