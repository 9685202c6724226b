#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A text file that grows line by line; each line is written to the system at once.
final class LineFile {
  private let descriptor: Int32
  private let path: String

  init(appendingTo path: String) throws {
    self.path = path
    descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw TrainingError.folder(path, "cannot write it: \(LineFile.reason)") }
  }

  deinit { close(descriptor) }

  func append(_ line: String) throws {
    let bytes = Array((line + "\n").utf8)
    guard write(descriptor, bytes, bytes.count) == bytes.count else {
      throw TrainingError.folder(path, "cannot write it: \(LineFile.reason)")
    }
  }

  private static var reason: String { String(cString: strerror(errno)) }
}
