import AviaryZlib

package enum Checksum {
  /// CRC-32 as in zip, gzip and PNG (ISO 3309).
  package static func crc32(_ bytes: [UInt8], in range: Range<Int>? = nil) -> UInt32 {
    bytes.withUnsafeBytes { crc32(UnsafeRawBufferPointer(rebasing: $0[range ?? bytes.indices])) }
  }

  /// CRC-32 of bytes that follow others with a known CRC-32.
  package static func crc32(_ bytes: UnsafeRawBufferPointer, continuing known: UInt32 = 0) -> UInt32 {
    var rest = bytes[...]
    var sum = UInt(known)
    while !rest.isEmpty {
      // zlib counts in 32 bits.
      let part = UnsafeRawBufferPointer(rebasing: rest.prefix(1 << 30))
      sum = AviaryZlib.crc32(sum, part.bindMemory(to: UInt8.self).baseAddress, UInt32(part.count))
      rest = rest.dropFirst(part.count)
    }
    return UInt32(truncatingIfNeeded: sum)
  }
}
