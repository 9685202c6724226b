/// Reads a range of bytes from its start. Every step is checked against the end, and errors name the offset.
struct ByteReader {
  let bytes: [UInt8]
  let source: FormatSource
  let end: Int
  private(set) var position: Int

  init(_ bytes: [UInt8], source: FormatSource) {
    self.bytes = bytes
    self.source = source
    position = 0
    end = bytes.count
  }

  /// Reads `range` of the bytes; offsets in errors count from the start of `bytes`.
  init(_ bytes: [UInt8], in range: Range<Int>, source: FormatSource) {
    self.bytes = bytes
    self.source = source
    position = range.lowerBound
    end = range.upperBound
  }

  var remaining: Int { end - position }

  /// Takes the next `count` bytes; throws if there are fewer.
  mutating func take(_ count: Int, _ what: @autoclosure () -> String) throws -> Range<Int> {
    guard count >= 0, count <= remaining else {
      throw source.error(
        at: position, expected: "\(what()) of \(count) bytes",
        found: remaining == 0 ? "the end of the file" : "only \(remaining) more bytes")
    }
    defer { position += count }
    return position..<position + count
  }

  /// Takes an integer of the type's width.
  mutating func integer<Value: FixedWidthInteger>(
    _ type: Value.Type, bigEndian: Bool = false, _ what: @autoclosure () -> String
  ) throws -> Value {
    let range = try take(MemoryLayout<Value>.size, what())
    let stored = bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: range.lowerBound, as: Value.self) }
    return bigEndian ? Value(bigEndian: stored) : Value(littleEndian: stored)
  }

  /// Takes an unsigned integer that must fit in an `Int`.
  mutating func count<Value: FixedWidthInteger & UnsignedInteger>(
    _ type: Value.Type, bigEndian: Bool = false, _ what: @autoclosure () -> String
  ) throws -> Int {
    let start = position
    let value = try integer(type, bigEndian: bigEndian, what())
    guard let count = Int(exactly: value) else {
      throw source.error(at: start, expected: "\(what()) of at most \(Int.max)", found: "\(value)")
    }
    return count
  }

  /// Throws unless everything was read.
  func expectEnd(after what: String) throws {
    guard remaining == 0 else {
      throw source.error(at: position, expected: "the end of the file after \(what)", found: "\(remaining) more bytes")
    }
  }
}

extension [UInt8] {
  /// Appends an integer's bytes.
  mutating func append<Value: FixedWidthInteger>(integer value: Value, bigEndian: Bool = false) {
    Swift.withUnsafeBytes(of: bigEndian ? value.bigEndian : value.littleEndian) { append(contentsOf: $0) }
  }

  func starts(with prefix: [UInt8], at offset: Int) -> Bool {
    offset >= 0 && prefix.count <= count - offset && self[offset..<offset + prefix.count].elementsEqual(prefix)
  }
}
