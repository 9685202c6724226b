import Foundation

/// The part of a file downloaded so far. It stays beside the target as `FILE.part` if the download ends early, and is
/// removed once the file is complete.
final class PartialFile {
  let path: String
  private(set) var byteCount: Int
  private let target: String
  private let descriptor: Int32

  /// Opens the existing part of a file and locks out other processes. Throws ``FetchError``.
  init(of target: String) throws {
    self.target = target
    path = target + ".part"
    descriptor = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw FetchError.unwritable(path, reason: PartialFile.reason) }
    var status = stat()
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0, fstat(descriptor, &status) == 0 else {
      close(descriptor)
      throw FetchError.occupied(target)
    }
    byteCount = Int(status.st_size)
  }

  deinit { close(descriptor) }

  func append(_ bytes: UnsafeRawBufferPointer) throws {
    var rest = bytes[...]
    while !rest.isEmpty {
      let written = write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
      if written < 0, errno == EINTR { continue }
      guard written > 0 else { throw FetchError.unwritable(path, reason: PartialFile.reason) }
      byteCount += written
      rest = rest.dropFirst(written)
    }
  }

  func restart() throws {
    guard ftruncate(descriptor, 0) == 0 else { throw FetchError.unwritable(path, reason: PartialFile.reason) }
    byteCount = 0
  }

  func removeIfEmpty() {
    if byteCount == 0 { unlink(path) }
  }

  private static var reason: String { String(cString: strerror(errno)) }
}
