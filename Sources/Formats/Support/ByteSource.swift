#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Bytes to read in pieces, in memory or in a file that is not loaded as a whole.
struct ByteSource: Sendable {
  private enum Storage {
    case memory([UInt8])
    case file(OpenFile)
  }

  private let storage: Storage
  let count: Int

  init(_ bytes: [UInt8]) {
    storage = .memory(bytes)
    count = bytes.count
  }

  /// A regular file, which stays open as long as this value or a copy exists.
  init(contentsOf path: String) throws {
    let (descriptor, status) = try FileBytes.opened(path)
    storage = .file(OpenFile(descriptor: descriptor, path: path))
    count = Int(status.st_size)
  }

  /// The bytes of a range, which must be in bounds.
  func bytes(_ range: Range<Int>) throws -> [UInt8] {
    if case .memory(let bytes) = storage { return Array(bytes[range]) }
    return try [UInt8](unsafeUninitializedCapacity: range.count) { buffer, filled in
      try read(from: range.lowerBound, into: UnsafeMutableRawBufferPointer(buffer))
      filled = range.count
    }
  }

  /// Fills the target with the bytes from a position, which must exist.
  func read(from position: Int, into target: UnsafeMutableRawBufferPointer) throws {
    switch storage {
    case .memory(let bytes):
      bytes.withUnsafeBytes { target.copyMemory(from: .init(rebasing: $0[position..<position + target.count])) }
    case .file(let file): try file.read(from: position, into: target)
    }
  }
}

/// An open file, closed with its last owner.
private final class OpenFile: Sendable {
  let descriptor: Int32
  let path: String

  init(descriptor: Int32, path: String) {
    self.descriptor = descriptor
    self.path = path
  }

  deinit { close(descriptor) }

  func read(from position: Int, into target: UnsafeMutableRawBufferPointer) throws {
    var filled = 0
    while filled < target.count {
      // Some systems refuse requests of 2 GiB and more.
      let (start, room) = (target.baseAddress! + filled, min(target.count - filled, 1 << 30))
      let offset = off_t(position + filled)
      let count = SystemLibrary.retrying { pread(descriptor, start, room, offset) }
      guard count >= 0 else { throw FileBytes.failure(path, errno) }
      guard count > 0 else {
        throw FormatError(
          .unreadable, source: path, expected: "as many bytes as when the file was opened", found: "fewer")
      }
      filled += count
    }
  }
}
