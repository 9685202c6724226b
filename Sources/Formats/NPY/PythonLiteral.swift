/// A Python literal, as in the header of an npy file.
enum PythonLiteral {
  case none
  case boolean(Bool)
  case integer(Int)
  case string(String)
  case tuple([PythonLiteral])
  case list([PythonLiteral])
  case dictionary([Pair])

  struct Pair {
    var key: String
    var value: PythonLiteral
  }
}

extension PythonLiteral: CustomStringConvertible {
  var description: String {
    func joined(_ parts: [PythonLiteral]) -> String { parts.map(\.description).joined(separator: ", ") }
    switch self {
    case .none: return "None"
    case .boolean(let value): return value ? "True" : "False"
    case .integer(let value): return String(value)
    case .string(let value): return "'\(value)'"
    case .tuple(let parts): return "(\(joined(parts))\(parts.count == 1 ? "," : ""))"
    case .list(let parts): return "[\(joined(parts))]"
    case .dictionary(let pairs): return "{\(pairs.map { "'\($0.key)': \($0.value)" }.joined(separator: ", "))}"
    }
  }
}

/// Parses one literal: dictionaries with string keys, tuples, lists, strings, integers, True, False, None.
struct PythonLiteralParser {
  /// More nesting than any record type has, to bound the recursion.
  static let maximumDepth = 16

  private var reader: ByteReader

  init(_ reader: ByteReader) { self.reader = reader }

  /// Parses a literal with surrounding blanks up to the end of the range.
  mutating func parse() throws -> PythonLiteral {
    let value = try value(depth: 0)
    skipBlanks()
    if let byte = next { throw error("the end of the header", quoted(byte: byte)) }
    return value
  }

  private var next: UInt8? { reader.remaining > 0 ? reader.bytes[reader.position] : nil }

  private func error(_ expected: String, _ found: String) -> FormatError {
    reader.source.error(at: reader.position, expected: expected, found: found)
  }

  private func error(_ expected: String) -> FormatError {
    error(expected, next.map { quoted(byte: $0) } ?? "the end of the header")
  }

  private mutating func advance() throws -> UInt8 {
    guard let byte = next else { throw error("more of the header") }
    _ = try reader.take(1, "a character")
    return byte
  }

  private mutating func accept(_ character: Unicode.Scalar) throws -> Bool {
    skipBlanks()
    guard next == UInt8(ascii: character) else { return false }
    _ = try advance()
    return true
  }

  private mutating func skipBlanks() {
    while let byte = next, byte == 0x20 || (0x09...0x0D).contains(byte) { _ = try? advance() }
  }

  private mutating func value(depth: Int) throws -> PythonLiteral {
    guard depth < Self.maximumDepth else { throw error("at most \(Self.maximumDepth) levels of nesting", "more") }
    skipBlanks()
    switch next {
    case UInt8(ascii: "{"): return try dictionary(depth)
    case UInt8(ascii: "("):
      let (parts, hasComma) = try sequence(closing: ")", depth)
      return parts.count == 1 && !hasComma ? parts[0] : .tuple(parts)
    case UInt8(ascii: "["): return .list(try sequence(closing: "]", depth).parts)
    case UInt8(ascii: "'"), UInt8(ascii: "\""): return .string(try string())
    case let byte? where byte == UInt8(ascii: "-") || (0x30...0x39).contains(byte): return try integer()
    case let byte? where (0x41...0x5A).contains(byte): return try word()
    default: throw error("a Python value")
    }
  }

  private mutating func dictionary(_ depth: Int) throws -> PythonLiteral {
    _ = try advance()
    var pairs: [PythonLiteral.Pair] = []
    while try !accept("}") {
      if !pairs.isEmpty {
        guard try accept(",") else { throw error("a comma or '}'") }
        if try accept("}") { break }
      }
      guard next == UInt8(ascii: "'") || next == UInt8(ascii: "\"") else { throw error("a key in quotes") }
      let key = try string()
      if pairs.contains(where: { $0.key == key }) { throw error("each key once", "\(quoted(key)) twice") }
      guard try accept(":") else { throw error("a colon") }
      pairs.append(.init(key: key, value: try value(depth: depth + 1)))
    }
    return .dictionary(pairs)
  }

  private mutating func sequence(
    closing: Unicode.Scalar, _ depth: Int
  ) throws -> (parts: [PythonLiteral], hasComma: Bool) {
    _ = try advance()
    var parts: [PythonLiteral] = []
    var hasComma = false
    while try !accept(closing) {
      if !parts.isEmpty {
        guard try accept(",") else { throw error("a comma or '\(closing)'") }
        hasComma = true
        if try accept(closing) { break }
      }
      parts.append(try value(depth: depth + 1))
    }
    return (parts, hasComma)
  }

  private mutating func string() throws -> String {
    let quote = try advance()
    var bytes: [UInt8] = []
    while true {
      let byte = try advance()
      if byte == quote { return String(decoding: bytes, as: UTF8.self) }
      bytes.append(byte == UInt8(ascii: "\\") ? try advance() : byte)
    }
  }

  private mutating func integer() throws -> PythonLiteral {
    let start = reader.position
    var text = String(UnicodeScalar(try advance()))
    while let byte = next, (0x30...0x39).contains(byte) { text.unicodeScalars.append(UnicodeScalar(try advance())) }
    // Python 2 marked long integers.
    if next == UInt8(ascii: "L") { _ = try advance() }
    guard let value = Int(text) else {
      throw reader.source.error(at: start, expected: "an integer of at most 64 bits", found: quoted(text))
    }
    return .integer(value)
  }

  private mutating func word() throws -> PythonLiteral {
    let start = reader.position
    var text = ""
    while let byte = next, (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) {
      text.unicodeScalars.append(UnicodeScalar(try advance()))
    }
    switch text {
    case "True": return .boolean(true)
    case "False": return .boolean(false)
    case "None": return .none
    default: throw reader.source.error(at: start, expected: "True, False or None", found: quoted(text))
    }
  }
}
