#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Writes files so that a crash, a full disk or a power failure at any moment leaves either the complete old file or
/// the complete new one.
///
/// The bytes go to a temporary file in the same folder, which is synced to disk and renamed to the target; then the
/// folder is synced. A symbolic link stays a link, and an existing file's permissions are kept. Targets that are not
/// regular files, such as a device behind a link, are never replaced.
public enum AtomicFile {
  /// Writes a file completely or not at all.
  ///
  /// - Throws: ``FormatError`` of kind `unwritable`; the target is then unchanged, and the temporary file is gone.
  public static func write(_ bytes: [UInt8], to path: String) throws {
    let target = resolved(path)
    var (folder, name) = split(target)
    if folder.isEmpty { folder = "." }
    guard !name.isEmpty else { throw failure(path, "a file's name", "the path of a folder") }
    try checkIsFile(target, for: path)
    let (descriptor, temporary) = try create(in: folder, name, for: path)
    do {
      defer { close(descriptor) }
      try fill(descriptor, bytes, path)
      keepPermissions(of: target, descriptor)
      guard SystemLibrary.synchronize(descriptor) == 0 else { throw failure(path, "room on the disk", errno) }
      try move(temporary, to: target, in: folder, for: path)
    } catch {
      unlink(temporary)
      throw error
    }
  }

  /// Replaces a file by a finished one in the same folder: syncs, then renames.
  ///
  /// - Throws: ``FormatError`` of kind `unwritable`; both files are then unchanged.
  package static func replace(_ path: String, with temporary: String) throws {
    let descriptor = SystemLibrary.retrying { open(temporary, O_RDWR | O_CLOEXEC) }
    guard descriptor >= 0 else { throw failure(temporary, "a finished file", errno) }
    defer { close(descriptor) }
    guard SystemLibrary.synchronize(descriptor) == 0 else { throw failure(path, "room on the disk", errno) }
    let folder = split(path).folder
    try move(temporary, to: path, in: folder.isEmpty ? "." : folder, for: path)
  }

  static func move(_ temporary: String, to target: String, in folder: String, for path: String) throws {
    guard rename(temporary, target) == 0 else {
      throw failure(path, "a file that may be replaced", errno)
    }
    // Without this a power failure may lose the new name; not every file system allows it.
    let folderDescriptor = SystemLibrary.retrying { open(folder, O_RDONLY | O_CLOEXEC) }
    if folderDescriptor >= 0 {
      _ = SystemLibrary.synchronize(folderDescriptor)
      close(folderDescriptor)
    }
  }

  /// Writes a string as UTF-8, completely or not at all.
  public static func write(_ text: String, to path: String) throws {
    try write(Array(text.utf8), to: path)
  }

  /// Throws if the target is not a regular file: renaming would replace it.
  static func checkIsFile(_ target: String, for path: String) throws {
    var status = stat()
    guard stat(target, &status) == 0, status.st_mode & S_IFMT != S_IFREG else { return }
    throw failure(path, "a file that may be replaced", FileBytes.kind(of: status.st_mode))
  }

  static func create(in folder: String, _ name: String, for path: String) throws -> (Int32, String) {
    // File systems allow 255 bytes; a character takes at most four.
    let stem = "\(folder)/.\(name.prefix(50)).\(getpid())"
    for attempt in 0..<1000 {
      let temporary = "\(stem)-\(attempt).tmp"
      let descriptor = SystemLibrary.retrying { open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666) }
      if descriptor >= 0 { return (descriptor, temporary) }
      guard errno == EEXIST else { throw failure(path, "a folder to write in", errno) }
    }
    throw failure(path, "a free temporary name", "1000 temporary files in '\(folder)'")
  }

  static func fill(_ descriptor: Int32, _ bytes: [UInt8], _ path: String) throws {
    try bytes.withUnsafeBytes { buffer in
      var done = 0
      while done < buffer.count {
        let start = buffer.baseAddress! + done
        let count = min(buffer.count - done, 1 << 30)
        let result = SystemLibrary.writeSome(descriptor, start, count)
        guard result > 0 else { throw failure(path, "room on the disk", errno) }
        done += result
      }
    }
  }

  static func keepPermissions(of target: String, _ descriptor: Int32) {
    var status = stat()
    if stat(target, &status) == 0 { _ = fchmod(descriptor, status.st_mode & 0o7777) }
  }

  /// The target of a path whose last component may be a symbolic link.
  static func resolved(_ path: String) -> String {
    guard let found = realpath(path, nil) else { return path }
    defer { free(found) }
    return String(cString: found)
  }

  static func split(_ path: String) -> (folder: String, name: String) {
    guard let slash = path.lastIndex(of: "/") else { return ("", path) }
    let folder = slash == path.startIndex ? "/" : String(path[..<slash])
    return (folder, String(path[path.index(after: slash)...]))
  }

  static func failure(_ path: String, _ expected: String, _ code: Int32) -> FormatError {
    failure(path, expected, SystemLibrary.message(code))
  }

  private static func failure(_ path: String, _ expected: String, _ found: String) -> FormatError {
    FormatError(.unwritable, source: path, expected: expected, found: found)
  }
}
