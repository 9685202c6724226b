#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

public enum FileBytes {
  /// The contents of a regular file.
  ///
  /// - Parameters:
  ///   - path: the file's path; a relative path starts at the current folder.
  ///   - maximumByteCount: the maximum size to read; by default, and at most, the machine's memory.
  /// - Returns: all bytes.
  /// - Throws: ``FormatError`` of kind `missing`, `unreadable` (also for folders, devices and pipes) or `tooLarge`.
  public static func read(_ path: String, maximumByteCount: Int = .max) throws -> [UInt8] {
    let limit = SystemLibrary.limit(maximumByteCount)
    let (descriptor, status) = try opened(path)
    defer { close(descriptor) }
    let size = Int(status.st_size)
    guard size <= limit else { throw tooLarge(path, "\(size) bytes", limit) }
    // One extra byte lets the read that finds the end do without a second buffer.
    var bytes = try chunk(descriptor, path, count: size + 1)
    if bytes.count <= size { return bytes }
    while true {
      let more = try chunk(descriptor, path, count: 1 << 16)
      if more.isEmpty { return bytes }
      bytes += more
      guard bytes.count <= limit else { throw tooLarge(path, "more", limit) }
    }
  }

  /// The first bytes of a regular file, at most `count`.
  package static func beginning(of path: String, count: Int) throws -> [UInt8] {
    let (descriptor, _) = try opened(path)
    defer { close(descriptor) }
    return try chunk(descriptor, path, count: count)
  }

  /// Passes the contents of a file on in pieces, so that they need not fit in memory.
  static func read(_ path: String, inPieces count: Int, _ body: (UnsafeRawBufferPointer) throws -> Void) throws {
    let (descriptor, _) = try opened(path)
    defer { close(descriptor) }
    while true {
      let piece = try chunk(descriptor, path, count: count)
      if piece.isEmpty { return }
      try piece.withUnsafeBytes(body)
    }
  }

  /// The size of a file in bytes; nil if there is no such file, or it is a folder.
  package static func count(_ path: String) -> Int? {
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT != S_IFDIR else { return nil }
    return Int(status.st_size)
  }

  static func opened(_ path: String) throws -> (descriptor: Int32, status: stat) {
    // Opening a pipe would wait for its other end.
    let descriptor = SystemLibrary.retrying { open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK) }
    guard descriptor >= 0 else { throw failure(path, errno) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      let code = errno
      close(descriptor)
      throw failure(path, code)
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      let isPipe = status.st_mode & S_IFMT == S_IFIFO
      throw FormatError(
        .unreadable, source: path, expected: "a file", found: kind(of: status.st_mode),
        remedy: isPipe ? "a pipe has no size; write its output to a file first" : nil)
    }
    return (descriptor, status)
  }

  /// The kind of something other than a regular file.
  static func kind(of mode: mode_t) -> String {
    switch mode & S_IFMT {
    case S_IFDIR: "a folder"
    case S_IFIFO: "a pipe"
    case S_IFCHR, S_IFBLK: "a device"
    default: "something else, such as a socket"
    }
  }

  /// Up to `count` bytes; fewer only at the end of the file.
  private static func chunk(_ descriptor: Int32, _ path: String, count: Int) throws -> [UInt8] {
    try [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      while filled < count {
        // Some systems refuse requests of 2 GiB and more.
        let room = min(count - filled, 1 << 30)
        let target = buffer.baseAddress! + filled
        let result = SystemLibrary.readSome(descriptor, target, room)
        guard result >= 0 else { throw failure(path, errno) }
        if result == 0 { return }
        filled += result
      }
    }
  }

  static func failure(_ path: String, _ code: Int32) -> FormatError {
    FormatError(
      code == ENOENT ? .missing : .unreadable, source: path, expected: "a file to read",
      found: code == ENOENT ? "no such file" : "an error: \(SystemLibrary.message(code))")
  }

  private static func tooLarge(_ path: String, _ found: String, _ limit: Int) -> FormatError {
    FormatError(.tooLarge, source: path, expected: "at most \(limit) bytes", found: found)
  }
}
