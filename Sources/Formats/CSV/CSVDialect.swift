/// The delimiter and decimal mark of a CSV file, detected unless given.
struct CSVDialect {
  /// The first one is the default if nothing speaks for another.
  private static let delimiters: [UInt8] = [
    UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t"), UInt8(ascii: "|"),
  ]
  private static let point = UInt8(ascii: ".")
  private static let comma = UInt8(ascii: ",")
  /// The number of rows examined to find the delimiter.
  private static let sampleCount = 50

  private(set) var delimiter: UInt8
  private(set) var decimalMark: UInt8

  init(of bytes: [UInt8], _ options: CSVOptions, _ source: FormatSource) throws {
    let isComma = try options.decimalMark.map { mark in
      guard mark == "." || mark == "," else {
        throw source.error(
          .unsupported, expected: "a decimal point or comma", found: quoted(String(mark)))
      }
      return mark == ","
    }
    delimiter =
      try options.delimiter.map { try Self.byte(of: $0, source) }
      ?? bytes.withUnsafeBufferPointer { Self.delimiter(of: $0) }
    decimalMark = Self.point
    if let isComma {
      if isComma { decimalMark = Self.comma }
    } else if bytes.contains(delimiter == Self.comma ? CSVCursor.quote : Self.comma) {
      let delimiter = delimiter
      decimalMark = bytes.withUnsafeBufferPointer { Self.decimalMark(of: $0, delimiter) }
    }
  }

  /// The candidate that splits the first rows into equally many fields, most of them numbers.
  private static func delimiter(of bytes: UnsafeBufferPointer<UInt8>) -> UInt8 {
    var best: (delimiter: UInt8, numbers: Double, columns: Int)?
    for candidate in delimiters {
      guard let (columns, numbers) = parts(bytes, candidate) else { continue }
      if let known = best, (known.numbers, known.columns) >= (numbers, columns) { continue }
      best = (candidate, numbers, columns)
    }
    if let best { return best.delimiter }
    // For rows of unequal length, what fits the first row, for an error about its fields.
    let line = bytes.prefix { $0 != CSVCursor.lineFeed && $0 != CSVCursor.carriageReturn }
    return delimiters.first { line.contains($0) } ?? comma
  }

  /// The columns and the fraction of numbers below the first row; nil if a delimiter does not split all rows alike.
  private static func parts(_ bytes: UnsafeBufferPointer<UInt8>, _ delimiter: UInt8) -> (columns: Int, numbers: Double)?
  {
    var cursor = CSVCursor(bytes: bytes, delimiter: delimiter, position: CSVLayout.start(of: bytes))
    var (columns, rows, numbers) = (0, 0, 0)
    while rows < sampleCount, cursor.advanceToRow() {
      var count = 0
      while let field = try? cursor.nextField() {
        count += 1
        if rows > 0, isNumber(bytes, field, point) || delimiter != comma && isNumber(bytes, field, comma) {
          numbers += 1
        }
        if field.endsRow { break }
      }
      if rows == 0 { columns = count }
      guard count == columns, count > 1 else { return nil }
      rows += 1
    }
    return rows == 0 ? nil : (columns, Double(numbers) / Double(max(columns * (rows - 1), 1)))
  }

  /// A comma if more fields are numbers with it than with a point. If commas are delimiters, numbers with decimal
  /// commas are quoted, and at least one must differ from `"1,000"`, which may be a thousand.
  private static func decimalMark(of bytes: UnsafeBufferPointer<UInt8>, _ delimiter: UInt8) -> UInt8 {
    var cursor = CSVCursor(bytes: bytes, delimiter: delimiter, position: CSVLayout.start(of: bytes))
    var (points, commas, decimals) = (0, 0, 0)
    while cursor.advanceToRow(), let field = try? cursor.nextField() {
      let content = bytes[field.start..<field.end]
      if content.contains(comma) {
        guard isNumber(bytes, field, comma) else { continue }
        commas += 1
        if !mayBeThousands(content) { decimals += 1 }
      } else if content.contains(point), isNumber(bytes, field, point) {
        points += 1
      }
    }
    return commas > points && (delimiter != comma || decimals > 0) ? comma : point
  }

  /// Whether a number with one comma may be an integer with a thousands separator: `1,000`.
  private static func mayBeThousands(_ field: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
    func isDigit(_ byte: UInt8) -> Bool { 0x30...0x39 ~= byte }
    let parts = field.filter { isDigit($0) || $0 == comma }.split(separator: comma, omittingEmptySubsequences: false)
    return parts.count == 2 && 1...3 ~= parts[0].count && parts[1].count == 3 && field.allSatisfy { $0 | 0x20 != 0x65 }
      && parts[0].first != 0x30
  }

  private static func isNumber(_ bytes: UnsafeBufferPointer<UInt8>, _ field: CSVCursor.Field, _ mark: UInt8) -> Bool {
    DecimalNumber.parse(bytes, field.start, field.end, as: Double.self, decimalMark: mark) != nil
  }

  private static func byte(of delimiter: Character, _ source: FormatSource) throws -> UInt8 {
    guard let byte = delimiter.asciiValue, !"\"\r\n".utf8.contains(byte), delimiter != "\r\n" else {
      throw source.error(
        .unsupported, expected: "an ASCII delimiter other than quotes and line breaks",
        found: quoted(String(delimiter)))
    }
    return byte
  }
}
