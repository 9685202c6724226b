/// Bytes constructed by tests.
extension [UInt8] {
  static func little<Value: FixedWidthInteger>(_ value: Value) -> [UInt8] {
    Swift.withUnsafeBytes(of: value.littleEndian) { [UInt8]($0) }
  }

  static func big<Value: FixedWidthInteger>(_ value: Value) -> [UInt8] {
    Swift.withUnsafeBytes(of: value.bigEndian) { [UInt8]($0) }
  }

  /// The bytes with some of them replaced.
  func replacing(_ bytes: [UInt8], at offset: Int) -> [UInt8] {
    var result = self
    result.replaceSubrange(offset..<offset + bytes.count, with: bytes)
    return result
  }

  /// Where a run of bytes first occurs.
  func offset(of bytes: [UInt8]) -> Int? {
    indices.first { self[$0...].starts(with: bytes) }
  }
}

/// CRC-32 bit by bit, from its definition.
func referenceCRC32(_ bytes: [UInt8]) -> UInt32 {
  ~bytes.reduce(~0) { sum, byte in
    (0..<8).reduce(sum ^ UInt32(byte)) { value, _ in value >> 1 ^ (value & 1 == 1 ? 0xEDB8_8320 : 0) }
  }
}

/// A fixed sequence of numbers that look random (Vigna's SplitMix64).
struct Sequence64: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
    return z ^ z >> 31
  }
}
