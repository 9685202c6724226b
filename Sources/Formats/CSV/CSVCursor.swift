/// Walks over the fields of CSV bytes.
struct CSVCursor {
  /// A field between its delimiters, without quotes.
  struct Field {
    var start: Int
    var end: Int
    /// Whether it has doubled quotes.
    var hasDoubledQuotes: Bool
    /// Whether the end of a line or file follows.
    var endsRow: Bool
  }

  /// A violation of the quoting rules, and where.
  struct QuoteError: Error {
    var offset: Int
    var expected: String
    var found: String
  }

  let bytes: UnsafeBufferPointer<UInt8>
  let delimiter: UInt8
  var position: Int

  static let quote = UInt8(ascii: "\"")
  static let lineFeed = UInt8(ascii: "\n")
  static let carriageReturn = UInt8(ascii: "\r")

  /// Skips empty lines; returns false at the end of the file.
  mutating func advanceToRow() -> Bool {
    while position < bytes.count {
      let byte = bytes[position]
      guard byte == Self.lineFeed || byte == Self.carriageReturn else { return true }
      position += 1
    }
    return false
  }

  /// Reads the field at the position, which must be inside a row, and advances to the next.
  @inline(__always)
  mutating func nextField() throws(QuoteError) -> Field {
    if position < bytes.count && bytes[position] == Self.quote { return try quotedField() }
    if position < bytes.count, bytes[position] == 0x20, delimiter != 0x20, let field = quotedFieldAfterBlanks() {
      return field
    }
    let start = position
    var end = start
    while end < bytes.count {
      let byte = bytes[end]
      if byte == delimiter || byte == Self.lineFeed || byte == Self.carriageReturn { break }
      end += 1
    }
    position = end
    return Field(start: start, end: end, hasDoubledQuotes: false, endsRow: stepOverEnd())
  }

  /// Some programs write a blank after each delimiter, even before an opening quote. A quote that does not close there
  /// is part of the text.
  private mutating func quotedFieldAfterBlanks() -> Field? {
    let start = position
    while position < bytes.count, bytes[position] == 0x20 { position += 1 }
    if position < bytes.count, bytes[position] == Self.quote, let field = try? quotedField() { return field }
    position = start
    return nil
  }

  private mutating func quotedField() throws(QuoteError) -> Field {
    let opening = position
    var hasDoubledQuotes = false
    var end = opening + 1
    while true {
      guard end < bytes.count else {
        throw QuoteError(offset: opening, expected: "a closing quote", found: "the end of the file")
      }
      if bytes[end] == Self.quote {
        guard end + 1 < bytes.count, bytes[end + 1] == Self.quote else { break }
        hasDoubledQuotes = true
        end += 1
      }
      end += 1
    }
    position = end + 1
    if position < bytes.count {
      let byte = bytes[position]
      guard byte == delimiter || byte == Self.lineFeed || byte == Self.carriageReturn else {
        throw QuoteError(
          offset: position, expected: "a delimiter after the closing quote", found: quoted(byte: byte))
      }
    }
    return Field(start: opening + 1, end: end, hasDoubledQuotes: hasDoubledQuotes, endsRow: stepOverEnd())
  }

  /// Advances past the delimiter or the end of the line; returns true for the latter.
  @inline(__always)
  private mutating func stepOverEnd() -> Bool {
    guard position < bytes.count else { return true }
    let byte = bytes[position]
    position += 1
    if byte == Self.carriageReturn, position < bytes.count, bytes[position] == Self.lineFeed { position += 1 }
    return byte != delimiter
  }

  /// A field's text, or nil if it is not UTF-8.
  func text(of field: Field) -> String? {
    let content = bytes[field.start..<field.end]
    guard field.hasDoubledQuotes else { return String(validating: content, as: UTF8.self) }
    var single: [UInt8] = []
    var isSecond = false
    for byte in content {
      isSecond = byte == Self.quote && !isSecond
      if !isSecond { single.append(byte) }
    }
    return String(validating: single, as: UTF8.self)
  }

  /// The line of an offset, from 1.
  func line(at offset: Int) -> Int {
    var line = 1
    for index in 0..<min(offset, bytes.count) {
      let isLoneReturn =
        bytes[index] == Self.carriageReturn && !(index + 1 < bytes.count && bytes[index + 1] == Self.lineFeed)
      if bytes[index] == Self.lineFeed || isLoneReturn { line += 1 }
    }
    return line
  }
}
