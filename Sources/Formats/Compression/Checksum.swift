import AviaryZlib

/// Checksums of bytes.
package enum Checksum {
  /// CRC-32 as zip, gzip and PNG use it (ISO 3309).
  package static func crc32(_ bytes: [UInt8], in range: Range<Int>? = nil) -> UInt32 {
    bytes.withUnsafeBytes { crc32(UnsafeRawBufferPointer(rebasing: $0[range ?? $0.indices])) }
  }

  /// The same of bytes in memory.
  package static func crc32(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
    var rest = bytes.assumingMemoryBound(to: UInt8.self)[...]
    var sum = AviaryZlib.crc32(0, nil, 0)
    while !rest.isEmpty {
      // zlib counts in 32 bits.
      let part = rest.prefix(1 << 30)
      sum = AviaryZlib.crc32(sum, UnsafeBufferPointer(rebasing: part).baseAddress, UInt32(part.count))
      rest = rest.dropFirst(part.count)
    }
    return UInt32(truncatingIfNeeded: sum)
  }
}
