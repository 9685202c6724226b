/// Reads a member of a zip archive from start to end, decompressing it and computing its CRC-32 on the way, with memory
/// only for what is requested.
final class ZipMemberReader {
  /// Compressed bytes to read at once.
  private static let chunkSize = 1 << 18

  let source: FormatSource
  private let bytes: ByteSource
  private let entry: ZipArchive.Entry
  /// The unread range of the member in the archive.
  private var range: Range<Int>
  private let stream: InflateStream?
  private var chunk: [UInt8] = []
  private var used = 0
  private var checksum: UInt32 = 0
  /// Bytes of the extracted member returned so far.
  private(set) var position = 0

  init(_ entry: ZipArchive.Entry, at range: Range<Int>, of bytes: ByteSource, _ source: FormatSource) {
    self.entry = entry
    self.range = range
    self.bytes = bytes
    self.source = source
    stream = entry.method == .deflated ? InflateStream(.raw) : nil
  }

  /// Announced bytes that have not been returned yet.
  var remaining: Int { entry.byteCount - position }

  /// The ratio of extracted to stored size.
  var growth: Int { entry.byteCount / max(entry.compressedByteCount, 1) }

  /// The next bytes, up to `count`; fewer only at the member's announced end.
  func bytes(upTo count: Int) throws -> [UInt8] {
    let count = min(count, remaining)
    return try [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      try read(into: UnsafeMutableRawBufferPointer(buffer))
      filled = count
    }
  }

  /// Fills the target with the next bytes, at most ``remaining``.
  func read(into target: UnsafeMutableRawBufferPointer) throws {
    if stream == nil {
      try bytes.read(from: range.lowerBound, into: target)
      range = range.lowerBound + target.count..<range.upperBound
    } else {
      var output = target
      while !output.isEmpty {
        if try inflate(into: &output), !output.isEmpty {
          throw source.error(
            expected: "deflated data of \(entry.byteCount) bytes",
            found: "\(position + target.count - output.count) bytes")
        }
      }
    }
    checksum = Checksum.crc32(UnsafeRawBufferPointer(target), continuing: checksum)
    position += target.count
  }

  /// Throws unless all announced bytes were read, nothing follows, and the checksum is right.
  func finish() throws {
    if stream != nil {
      // One extra byte reveals longer data, and lets zlib see the end of data of the right length.
      var spare: UInt8 = 0
      try withUnsafeMutableBytes(of: &spare) { buffer in
        var output = buffer
        let hasEnded = try inflate(into: &output)
        guard output.count == 1 else {
          throw source.error(expected: "deflated data of \(entry.byteCount) bytes", found: "more")
        }
        let left = chunk.count - used + range.count
        guard hasEnded, left == 0 else {
          throw source.error(expected: "the end of the deflated data", found: "\(left) more bytes")
        }
      }
    }
    guard checksum == entry.checksum else {
      throw source.error(
        expected: "contents with the CRC-32 \(hexadecimal(entry.checksum))", found: hexadecimal(checksum))
    }
  }

  /// Inflates until the output is full or the data ends; returns true for the latter.
  private func inflate(into output: inout UnsafeMutableRawBufferPointer) throws -> Bool {
    guard let stream else { return true }
    while true {
      if used == chunk.count, !range.isEmpty {
        let end = min(range.lowerBound + Self.chunkSize, range.upperBound)
        chunk = try bytes.bytes(range.lowerBound..<end)
        range = end..<range.upperBound
        used = 0
      }
      let room = output.count
      let status = chunk.withUnsafeBytes { all in
        var input = UnsafeRawBufferPointer(rebasing: all[used...])
        let status = stream.run(&input, into: &output)
        used = all.count - input.count
        return status
      }
      switch status {
      case .ended: return true
      case .damaged(let message):
        throw source.error(
          expected: "valid deflated data", found: "\(message) (zlib), after \(position + room - output.count) bytes")
      case .paused where output.isEmpty: return false
      case .paused where used == chunk.count && range.isEmpty:
        throw source.error(
          expected: "deflated data of \(entry.byteCount) bytes",
          found: "its end after \(position + room - output.count)")
      case .paused: continue
      }
    }
  }
}
