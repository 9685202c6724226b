#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A folder that one training has for itself. The system lets go of it when the process ends, however that comes.
///
/// File systems that lock no folders, such as NFS, go without.
package final class FolderLock {
  private let path: String
  private let descriptor: Int32

  /// Takes the folder. Throws where another training has it, or it cannot be written to.
  init(_ path: String) throws {
    self.path = path
    descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0, access(path, W_OK | X_OK) == 0 else {
      throw TrainingError.folder(path, "it cannot be written to: \(String(cString: strerror(errno)))")
    }
    // Who asks `isHeld` has the folder for a moment.
    var attempts = 10
    while flock(descriptor, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK {
      attempts -= 1
      guard attempts > 0 else {
        throw TrainingError.folder(
          path, "another training writes to it at present; wait until it ends, or choose another folder")
      }
      usleep(10_000)
    }
    // Whoever had it may have removed it.
    try requirePresent()
  }

  deinit { close(descriptor) }

  /// Throws where the path leads to this folder no more: whatever is written there now does not belong to the run.
  func requirePresent() throws {
    var (held, found) = (stat(), stat())
    guard fstat(descriptor, &held) == 0, stat(path, &found) == 0, held.st_dev == found.st_dev,
      held.st_ino == found.st_ino
    else {
      throw TrainingError.folder(
        path,
        "the run's folder was moved, removed or replaced during the training, which stops here; go on where it is now, "
          + "from its last checkpoint, or begin a new run")
    }
  }

  /// Whether a training has a folder at present.
  package static func isHeld(_ path: String) -> Bool {
    let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    return flock(descriptor, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK
  }
}
