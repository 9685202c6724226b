#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A folder locked by one training. The system releases the lock when the process ends, however it ends.
///
/// File systems without folder locks, such as NFS, go without.
package final class FolderLock {
  private let path: String
  private let descriptor: Int32

  /// Locks the folder. Throws if another training has it, or it is not writable.
  init(_ path: String) throws {
    self.path = path
    descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0, access(path, W_OK | X_OK) == 0 else {
      throw TrainingError.folder(path, "cannot write to it: \(String(cString: strerror(errno)))")
    }
    // `isHeld` locks the folder for a moment.
    var attempts = 10
    while flock(descriptor, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK {
      attempts -= 1
      guard attempts > 0 else {
        throw TrainingError.folder(
          path, "another training is writing to it; wait until it ends, or choose another folder")
      }
      usleep(10_000)
    }
    // The previous owner may have removed it.
    try requirePresent()
  }

  deinit { close(descriptor) }

  /// Throws if the path no longer leads to this folder: whatever is there now does not belong to the run.
  func requirePresent() throws {
    var (held, found) = (stat(), stat())
    guard fstat(descriptor, &held) == 0, stat(path, &found) == 0, held.st_dev == found.st_dev,
      held.st_ino == found.st_ino
    else {
      throw TrainingError.folder(
        path,
        "the run's folder was moved, removed or replaced during the training, which stops here; resume it where it is "
          + "now, or start a new run")
    }
  }

  /// Whether a training is using the folder.
  package static func isHeld(_ path: String) -> Bool {
    let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    return flock(descriptor, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK
  }
}
