/// The gzip format (RFC 1952), by zlib.
public enum Gzip {
  /// Whether the bytes begin like gzip data.
  public static func isGzip(_ bytes: [UInt8]) -> Bool { bytes.starts(with: [0x1F, 0x8B]) }

  /// Decompresses all members, checking each one's CRC-32 and length. The end may be padded with zeros.
  ///
  /// - Parameters:
  ///   - bytes: the gzip data.
  ///   - source: the name for error messages.
  ///   - maximumByteCount: the maximum size of the result, by default 4 GiB.
  /// - Returns: the members' contents, concatenated.
  /// - Throws: ``FormatError`` if the data is damaged, truncated, or exceeds the limit.
  public static func decode(
    _ bytes: [UInt8], source: String = "gzip data", maximumByteCount: Int = 1 << 32
  ) throws -> [UInt8] {
    let source = FormatSource(source)
    guard isGzip(bytes) else {
      throw source.error(at: 0, expected: "gzip data, which begins with 1f 8b", found: beginning(of: bytes))
    }
    let stream = InflateStream(.gzip)
    let limit = SystemLibrary.limit(maximumByteCount)
    var result: [UInt8] = []
    result.reserveCapacity(min(announcedByteCount(bytes), Deflate.greatestInflatedCount(of: bytes.count), limit))
    var position = 0
    while position < bytes.count {
      if !bytes.starts(with: [0x1F, 0x8B], at: position) {
        if bytes[position...].allSatisfy({ $0 == 0 }) { break }
        throw source.error(
          at: position, expected: "the end, or another gzip member", found: quoted(byte: bytes[position]))
      }
      try member(of: bytes, stream, &position, into: &result, limit, source)
      stream.restart()
    }
    return result
  }

  /// The first bytes of the contents, at most `count`; fewer if the data ends or is damaged before.
  static func beginning(of bytes: [UInt8], count: Int) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      var output = UnsafeMutableRawBufferPointer(start: buffer.baseAddress, count: count)
      bytes.withUnsafeBytes { all in
        var input = all
        _ = InflateStream(.gzip).run(&input, into: &output)
      }
      filled = count - output.count
    }
  }

  /// Compresses into one member without name or time, so equal inputs give equal bytes. The level is from 1 (fast) to 9
  /// (small), or 0 (stored).
  public static func encode(_ bytes: [UInt8], level: Int = 6) -> [UInt8] {
    Deflate.deflate(bytes, .gzip, level: level)
  }

  private static func member(
    of bytes: [UInt8], _ stream: InflateStream, _ position: inout Int, into result: inout [UInt8], _ limit: Int,
    _ source: FormatSource
  ) throws {
    // Chunks grow with the output, so memory stays in proportion to real data; one byte beyond the limit shows that
    // there is more.
    while true {
      let room = min(max(1 << 16, result.count), 1 << 26, limit - result.count + 1)
      var status = InflateStream.Status.paused
      var left = 0
      let piece = [UInt8](unsafeUninitializedCapacity: room) { buffer, filled in
        var output = UnsafeMutableRawBufferPointer(start: buffer.baseAddress, count: room)
        bytes.withUnsafeBytes { all in
          var input = UnsafeRawBufferPointer(rebasing: all[position...])
          status = stream.run(&input, into: &output)
          left = input.count
        }
        filled = room - output.count
      }
      position = bytes.count - left
      result += piece
      guard result.count <= limit else {
        throw source.error(.tooLarge, expected: "data of at most \(limit) bytes", found: "more")
      }
      switch status {
      case .ended: return
      case .damaged(let message):
        throw source.error(at: position, expected: "valid gzip data", found: "\(message) (zlib)")
      case .paused where left == 0 && piece.count < room:
        throw source.error(at: position, expected: "more gzip data", found: "the end of the file")
      case .paused: continue
      }
    }
  }

  /// The length according to the last member: usually that of everything, and only a hint.
  private static func announcedByteCount(_ bytes: [UInt8]) -> Int {
    bytes.suffix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
  }

  private static func beginning(of bytes: [UInt8]) -> String {
    bytes.isEmpty ? "the end of the file" : quoted(byte: bytes[0])
  }
}
