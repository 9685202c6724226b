/// A strict JSON parser (RFC 8259) that tracks lines, keeps integers and refuses what JSON leaves open: duplicate keys,
/// numbers that fit neither `Int` nor `Double`, and nesting deeper than `maximalDepth`.
struct JSONParser {
  /// The nesting limit: no configuration needs more, and the parser's stack is finite.
  static let maximalDepth = 200

  private let bytes: [UInt8]
  private var position: Int

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    // Some editors put a byte order mark before UTF-8.
    position = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
  }

  mutating func document() throws(ConfigurationSyntaxError) -> ConfigurationValue {
    skipSpace()
    let value = try self.value(depth: 0)
    skipSpace()
    if position < bytes.count { throw error("expected the end of the document, found \(found)") }
    return value
  }

  private mutating func value(depth: Int) throws(ConfigurationSyntaxError) -> ConfigurationValue {
    if depth > Self.maximalDepth { throw error("nested deeper than \(Self.maximalDepth) levels") }
    guard let byte = peek else { throw error("expected a value, found \(found)") }
    switch byte {
    case UInt8(ascii: "{"): return .object(try object(depth: depth))
    case UInt8(ascii: "["): return .array(try array(depth: depth))
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
    default: return try word()
    }
  }

  private mutating func object(depth: Int) throws(ConfigurationSyntaxError) -> ConfigurationObject {
    var object = ConfigurationObject()
    position += 1
    skipSpace()
    if take(UInt8(ascii: "}")) { return object }
    while true {
      let start = position
      guard peek == UInt8(ascii: "\"") else {
        throw error("expected a key in double quotes\(object.isEmpty ? " or '}'" : " after ','"), found \(found)")
      }
      let key = try string()
      if object[key] != nil { throw error("duplicate key '\(key)' in an object", at: start) }
      skipSpace()
      guard take(UInt8(ascii: ":")) else { throw error("expected ':' after the key '\(key)', found \(found)") }
      skipSpace()
      object[key] = try value(depth: depth + 1)
      skipSpace()
      if take(UInt8(ascii: "}")) { return object }
      guard take(UInt8(ascii: ",")) else { throw error("expected ',' or '}' after a value, found \(found)") }
      skipSpace()
    }
  }

  private mutating func array(depth: Int) throws(ConfigurationSyntaxError) -> [ConfigurationValue] {
    var elements: [ConfigurationValue] = []
    position += 1
    skipSpace()
    if take(UInt8(ascii: "]")) { return elements }
    while true {
      elements.append(try value(depth: depth + 1))
      skipSpace()
      if take(UInt8(ascii: "]")) { return elements }
      guard take(UInt8(ascii: ",")) else { throw error("expected ',' or ']' after an element, found \(found)") }
      skipSpace()
    }
  }

  private mutating func word() throws(ConfigurationSyntaxError) -> ConfigurationValue {
    let start = position
    while let byte = peek, isLetter(byte) { position += 1 }
    switch String(decoding: bytes[start..<position], as: UTF8.self) {
    case "true": return .boolean(true)
    case "false": return .boolean(false)
    case "null": return .null
    case "NaN", "nan", "Infinity", "inf":
      throw error("JSON has no NaN and no infinity; omit the key or write null", at: start)
    case "": throw error("expected a value, found \(found)", at: start)
    case let word: throw error("expected a value, found '\(word)' (strings need double quotes)", at: start)
    }
  }
}

// MARK: - Numbers

extension JSONParser {
  private mutating func number() throws(ConfigurationSyntaxError) -> ConfigurationValue {
    let start = position
    let isNegative = take(UInt8(ascii: "-"))
    if let byte = peek, isLetter(byte) {
      throw error("JSON has no NaN and no infinity; omit the key or write null", at: start)
    }
    let isZero = peek == UInt8(ascii: "0")
    let digits = try takeDigits("a digit")
    if isZero, digits > 1 { throw error("a number cannot begin with 0", at: start) }
    var isWhole = true
    if take(UInt8(ascii: ".")) {
      _ = try takeDigits("a digit after '.'")
      isWhole = false
    }
    if peek == UInt8(ascii: "e") || peek == UInt8(ascii: "E") {
      position += 1
      if peek == UInt8(ascii: "+") || peek == UInt8(ascii: "-") { position += 1 }
      _ = try takeDigits("a digit of the exponent")
      isWhole = false
    }
    if let byte = peek, isLetter(byte) { throw error("expected the end of a number, found \(found)") }

    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    if isWhole, isNegative, isZero { return .number(-0.0) }
    if isWhole {
      guard let value = Int(text) else {
        let reason = "the whole number \(shortened(text)) does not fit in 64 bits; write a fraction or an exponent"
        throw error(reason, at: start)
      }
      return .integer(value)
    }
    guard let value = Double(text), value.isFinite else {
      throw error("the number \(shortened(text)) is out of range (beyond 1.8e308)", at: start)
    }
    return .number(value)
  }

  private func shortened(_ text: String) -> String { text.count > 40 ? text.prefix(40) + "…" : text }

  private mutating func takeDigits(_ expected: String) throws(ConfigurationSyntaxError) -> Int {
    let start = position
    while let byte = peek, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { position += 1 }
    if position == start { throw error("expected \(expected), found \(found)") }
    return position - start
  }
}

// MARK: - Strings

extension JSONParser {
  private mutating func string() throws(ConfigurationSyntaxError) -> String {
    let start = position
    position += 1
    var text: [UInt8] = []
    while true {
      guard let byte = peek else { throw error("the string that begins here has no closing quote", at: start) }
      switch byte {
      case UInt8(ascii: "\""):
        position += 1
        guard let string = String(validating: text, as: UTF8.self) else {
          throw error("the string is not UTF-8", at: start)
        }
        return string
      case UInt8(ascii: "\\"): text.append(contentsOf: String(try escape()).utf8)
      case 0..<0x20: throw error("a string cannot hold \(found); write an escape such as \\n")
      default:
        text.append(byte)
        position += 1
      }
    }
  }

  private mutating func escape() throws(ConfigurationSyntaxError) -> Unicode.Scalar {
    let start = position
    position += 1
    let byte = peek
    position += 1
    switch byte {
    case UInt8(ascii: "\""): return "\""
    case UInt8(ascii: "\\"): return "\\"
    case UInt8(ascii: "/"): return "/"
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"): return try unicodeEscape(start)
    default: throw error("unknown escape; JSON has \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX", at: start)
    }
  }

  private mutating func unicodeEscape(_ start: Int) throws(ConfigurationSyntaxError) -> Unicode.Scalar {
    let first = try hexadecimal(start)
    if let scalar = Unicode.Scalar(first) { return scalar }
    // JSON writes characters beyond the basic plane as two surrogates.
    if first < 0xDC00, take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) {
      let second = try hexadecimal(start)
      if (0xDC00...0xDFFF).contains(second),
        let scalar = Unicode.Scalar(0x10000 + (UInt32(first) - 0xD800) << 10 + (UInt32(second) - 0xDC00))
      {
        return scalar
      }
    }
    throw error("unpaired surrogate", at: start)
  }

  private mutating func hexadecimal(_ start: Int) throws(ConfigurationSyntaxError) -> UInt16 {
    var value: UInt16 = 0
    for _ in 0..<4 {
      guard let byte = peek, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
        throw error("expected four hexadecimal digits after \\u", at: start)
      }
      value = value << 4 | UInt16(digit)
      position += 1
    }
    return value
  }
}

// MARK: - Bytes and places

extension JSONParser {
  private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func take(_ byte: UInt8) -> Bool {
    if peek != byte { return false }
    position += 1
    return true
  }

  private mutating func skipSpace() {
    while let byte = peek, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
  }

  private func isLetter(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
  }

  /// The text at the current position, for messages.
  private var found: String {
    guard let byte = peek else { return "the end of the document" }
    switch byte {
    case 0x0A, 0x0D: return "the end of the line"
    case 0x09: return "a tab"
    case 0..<0x20, 0x7F: return "the control character \(byte)"
    case 0x80...:
      // The longest prefix that is one character; invalid bytes are shown as numbers.
      for length in 2...4 where position + length <= bytes.count {
        if let text = String(validating: bytes[position..<position + length], as: UTF8.self) { return "'\(text)'" }
      }
      return "the byte \(byte)"
    default: return "'\(Character(Unicode.Scalar(byte)))'"
    }
  }

  private func error(_ reason: String, at place: Int? = nil) -> ConfigurationSyntaxError {
    let before = bytes[..<min(place ?? position, bytes.count)]
    let lineStart = before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
    let line = before.reduce(into: 1) { count, byte in if byte == 0x0A { count += 1 } }
    return ConfigurationSyntaxError(line: line, column: before.count - lineStart + 1, reason: reason)
  }
}
