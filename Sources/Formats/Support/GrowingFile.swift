#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A file that is written piece by piece under a temporary name and renamed once it is complete, like ``AtomicFile``.
/// Without ``commit()``, it leaves nothing behind.
package final class GrowingFile {
  private let path: String
  private let target: String
  private let folder: String
  private let temporary: String
  private let descriptor: Int32
  private var buffer: [UInt8] = []
  private var isFinished = false

  /// Starts a file.
  ///
  /// - Throws: ``FormatError`` of kind `unwritable` if the file cannot be created.
  package init(_ path: String) throws {
    self.path = path
    target = AtomicFile.resolved(path)
    let (folder, name) = AtomicFile.split(target)
    self.folder = folder.isEmpty ? "." : folder
    guard !name.isEmpty else {
      throw FormatError(.unwritable, source: path, expected: "a file's name", found: "the path of a folder")
    }
    try AtomicFile.checkIsFile(target, for: path)
    (descriptor, temporary) = try AtomicFile.create(in: self.folder, name, for: path)
  }

  deinit {
    close(descriptor)
    if !isFinished { unlink(temporary) }
  }

  /// Appends bytes.
  package func append(_ bytes: some Sequence<UInt8>) throws {
    buffer.append(contentsOf: bytes)
    if buffer.count >= 1 << 16 { try flush() }
  }

  /// Overwrites the first bytes.
  package func overwriteBeginning(_ bytes: [UInt8]) throws {
    try flush()
    guard lseek(descriptor, 0, SEEK_SET) == 0 else { throw AtomicFile.failure(path, "a file on a disk", errno) }
    try AtomicFile.fill(descriptor, bytes, path)
    lseek(descriptor, 0, SEEK_END)
  }

  /// Completes the file and gives it its name. Nothing may be written afterwards.
  package func commit() throws {
    try flush()
    AtomicFile.keepPermissions(of: target, descriptor)
    guard SystemLibrary.synchronize(descriptor) == 0 else {
      throw AtomicFile.failure(path, "room on the disk", errno)
    }
    try AtomicFile.move(temporary, to: target, in: folder, for: path)
    isFinished = true
  }

  private func flush() throws {
    try AtomicFile.fill(descriptor, buffer, path)
    buffer.removeAll(keepingCapacity: true)
  }
}
