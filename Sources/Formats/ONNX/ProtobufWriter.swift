/// Writes messages in the Protocol Buffers wire format.
struct ProtobufWriter {
  private(set) var bytes: [UInt8] = []

  /// Writes an integer field.
  mutating func integer(_ field: Int, _ value: Int) {
    varint(UInt64(field << 3))
    varint(UInt64(bitPattern: Int64(value)))
  }

  /// Writes a 32-bit floating-point field.
  mutating func float(_ field: Int, _ value: Float) {
    varint(UInt64(field << 3 | 5))
    bytes.append(integer: value.bitPattern)
  }

  /// Writes a string field.
  mutating func text(_ field: Int, _ value: String) { data(field, Array(value.utf8)) }

  /// Writes a field of bytes or an encoded message.
  mutating func data(_ field: Int, _ value: [UInt8]) {
    varint(UInt64(field << 3 | 2))
    varint(UInt64(value.count))
    bytes += value
  }

  /// Writes a nested message.
  mutating func message(_ field: Int, _ body: (inout ProtobufWriter) -> Void) {
    var inner = ProtobufWriter()
    body(&inner)
    data(field, inner.bytes)
  }

  private mutating func varint(_ value: UInt64) {
    var rest = value
    while rest > 0x7F {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }
}
