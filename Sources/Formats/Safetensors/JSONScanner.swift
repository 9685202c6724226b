/// Reads JSON (RFC 8259) sequentially and strictly, without building a tree: a header of many megabytes costs no more
/// memory than what its reader keeps.
struct JSONScanner {
  /// The nesting limit, which bounds the recursion over skipped values.
  static let maximumDepth = 32

  private let bytes: [UInt8]
  private let source: FormatSource
  private let end: Int
  private(set) var position: Int

  init(_ bytes: [UInt8], in range: Range<Int>, source: FormatSource) {
    self.bytes = bytes
    self.source = source
    position = range.lowerBound
    end = range.upperBound
  }

  /// Reads an object; `member` must consume the value of each key.
  mutating func object(_ member: (inout JSONScanner, _ key: String, _ place: Int) throws -> Void) throws {
    try expect("{")
    if accept("}") { return }
    repeat {
      skipBlanks()
      let place = position
      let key = try string()
      try expect(":")
      try member(&self, key, place)
    } while accept(",")
    try expect("}")
  }

  /// Reads an array; `element` must consume each of its values.
  mutating func array(_ element: (inout JSONScanner) throws -> Void) throws {
    try expect("[")
    if accept("]") { return }
    repeat { try element(&self) } while accept(",")
    try expect("]")
  }

  /// Reads a non-negative integer, in digits only.
  mutating func count(_ what: String) throws -> Int {
    skipBlanks()
    let start = position
    while let byte = next, (0x30...0x39).contains(byte) { position += 1 }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    let isPlain = text == "0" || text.first.map { $0 != "0" } ?? false
    guard isPlain, next.map({ !".eE".utf8.contains($0) }) ?? true, let value = Int(text) else {
      position = start
      throw error("\(what), a whole number from 0 to \(Int.max)")
    }
    return value
  }

  /// Reads a string.
  mutating func string() throws -> String {
    skipBlanks()
    guard next == UInt8(ascii: "\"") else { throw error("a string") }
    position += 1
    let start = position
    // Most strings have no escapes and need no conversion.
    var isPlain = true
    var escaped: [UInt8] = []
    while let byte = next, byte != UInt8(ascii: "\"") {
      guard byte >= 0x20 else { throw error("an escape such as \\n instead of a control character") }
      if byte == UInt8(ascii: "\\") {
        if isPlain { escaped = Array(bytes[start..<position]) }
        isPlain = false
        position += 1
        try escape(into: &escaped)
      } else {
        if !isPlain { escaped.append(byte) }
        position += 1
      }
    }
    guard next != nil else { throw error("the end of the string from byte \(start - 1)") }
    let content = isPlain ? bytes[start..<position] : escaped[...]
    position += 1
    guard let text = String(validating: content, as: UTF8.self) else {
      throw source.error(at: start, expected: "a string in UTF-8", found: "other bytes")
    }
    return text
  }

  /// Skips a value of any kind.
  mutating func skipValue(depth: Int = 1) throws {
    guard depth <= Self.maximumDepth else {
      throw source.error(at: position, expected: "at most \(Self.maximumDepth) levels of nesting", found: "more")
    }
    skipBlanks()
    switch next {
    case UInt8(ascii: "{"): try object { scanner, _, _ in try scanner.skipValue(depth: depth + 1) }
    case UInt8(ascii: "["): try array { scanner in try scanner.skipValue(depth: depth + 1) }
    case UInt8(ascii: "\""): _ = try string()
    case let byte? where byte == UInt8(ascii: "-") || (0x30...0x39).contains(byte): try skipNumber()
    default:
      for word in ["true", "false", "null"] where bytes[position..<end].starts(with: word.utf8) {
        position += word.utf8.count
        return
      }
      throw error("a value")
    }
  }

  /// Throws unless only blanks are left.
  mutating func expectEnd() throws {
    skipBlanks()
    if next != nil { throw error("nothing after the value but blanks") }
  }

  private var next: UInt8? { position < end ? bytes[position] : nil }

  private func error(_ expected: String) -> FormatError {
    source.error(
      at: position, expected: expected, found: next.map { quoted(byte: $0) } ?? "the end of the text")
  }

  private mutating func skipBlanks() {
    while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
  }

  private mutating func accept(_ character: Unicode.Scalar) -> Bool {
    skipBlanks()
    guard next == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private mutating func expect(_ character: Unicode.Scalar) throws {
    guard accept(character) else { throw error("'\(character)'") }
  }

  private mutating func skipDigits() throws {
    let start = position
    while let byte = next, (0x30...0x39).contains(byte) { position += 1 }
    if position == start { throw error("a digit") }
  }

  private mutating func skipNumber() throws {
    if next == UInt8(ascii: "-") { position += 1 }
    if next == UInt8(ascii: "0") { position += 1 } else { try skipDigits() }
    if next == UInt8(ascii: ".") {
      position += 1
      try skipDigits()
    }
    if let byte = next, byte | 0x20 == UInt8(ascii: "e") {
      position += 1
      if let sign = next, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") { position += 1 }
      try skipDigits()
    }
  }

  /// Reads the rest of an escape after the backslash.
  private mutating func escape(into text: inout [UInt8]) throws {
    guard let byte = next else { throw error("the rest of an escape") }
    switch UnicodeScalar(byte) {
    case "\"", "\\", "/": text.append(byte)
    case "b": text.append(0x08)
    case "f": text.append(0x0C)
    case "n": text.append(0x0A)
    case "r": text.append(0x0D)
    case "t": text.append(0x09)
    case "u":
      position += 1
      text += String(try unicodeScalar()).utf8
      return
    default: throw error("a JSON escape")
    }
    position += 1
  }

  /// Reads the four digits of an escape, and the second escape of a surrogate pair.
  private mutating func unicodeScalar() throws -> Unicode.Scalar {
    let start = position
    let high = try fourDigits()
    if let scalar = Unicode.Scalar(high) { return scalar }
    if high < 0xDC00, bytes[position..<end].starts(with: "\\u".utf8) {
      position += 2
      let low = try fourDigits()
      if (0xDC00..<0xE000).contains(low),
        let scalar = Unicode.Scalar(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00))
      {
        return scalar
      }
    }
    throw source.error(at: start, expected: "a pair of surrogates", found: "only one")
  }

  private mutating func fourDigits() throws -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = next, let digit = Character(UnicodeScalar(byte)).hexDigitValue else {
        throw error("four hexadecimal digits")
      }
      value = value << 4 | UInt32(digit)
      position += 1
    }
    return value
  }
}
