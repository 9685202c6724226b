/// Where the rows of a CSV file begin, all of equal length.
struct CSVLayout {
  let bytes: [UInt8]
  let delimiter: UInt8
  let source: FormatSource
  private(set) var rowStarts: [Int] = []
  private(set) var columnCount = 0

  /// Walks over all fields once. With a given number of columns, the rows continue a table.
  init(_ bytes: [UInt8], delimiter: UInt8, source: FormatSource, columnCount known: Int? = nil) throws {
    self.bytes = bytes
    self.delimiter = delimiter
    self.source = source
    columnCount = known ?? 0
    try bytes.withUnsafeBufferPointer { buffer in
      var cursor = CSVCursor(bytes: buffer, delimiter: delimiter, position: Self.start(of: buffer))
      while cursor.advanceToRow() {
        let rowStart = cursor.position
        let count = try Self.fieldCount(&cursor, source)
        if rowStarts.isEmpty, known == nil { columnCount = count }
        guard count == columnCount else {
          // A title or remark above the table is shorter than what follows.
          let isBelowRemark = known == nil && rowStarts.count == 1 && count > columnCount
          throw source.line(cursor.line(at: rowStart)).error(
            expected: "\(columnCount) field\(columnCount == 1 ? "" : "s"), as in the first row", found: "\(count)",
            remedy: isBelowRemark
              ? "remove the lines above the column names"
              : "complete the row, and quote text that contains a delimiter")
        }
        rowStarts.append(rowStart)
      }
    }
  }

  /// The start of the first field, after any byte order mark.
  static func start(of bytes: UnsafeBufferPointer<UInt8>) -> Int { bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0 }

  private static func fieldCount(_ cursor: inout CSVCursor, _ source: FormatSource) throws -> Int {
    var (count, isTooWide) = (0, false)
    do throws(CSVCursor.QuoteError) {
      while true {
        let field = try cursor.nextField()
        count += 1
        if field.endsRow { break }
        if count == CSVTable.maximumColumnCount { isTooWide = true; break }
      }
    } catch {
      throw source.line(cursor.line(at: error.offset)).inside(.column(count + 1, name: nil)).error(
        expected: error.expected, found: error.found)
    }
    guard !isTooWide else {
      throw source.line(cursor.line(at: cursor.position - 1)).error(
        .tooLarge, expected: "at most \(CSVTable.maximumColumnCount) columns", found: "more",
        remedy: "remove unneeded columns, or store the table as an npz archive")
    }
    return count
  }

  /// The strings of a row.
  func texts(inRow row: Int) throws -> [String] {
    try withFields(ofRow: row) { cursor, field, column in
      guard let text = cursor.text(of: field) else {
        throw source.line(cursor.line(at: field.start)).inside(.column(column + 1, name: nil)).error(
          expected: "text in UTF-8", found: CSVTable.otherBytes, remedy: CSVTable.encodingRemedy)
      }
      return text
    }
  }

  /// Whether the first row names the columns.
  func isHeader(_ option: CSVOptions.Header, missing: CSVMissingMarkers, decimalMark: UInt8) -> Bool {
    guard option == .automatic, !rowStarts.isEmpty else { return option == .present && !rowStarts.isEmpty }
    func fields(_ row: Int) -> [CSVHeader.Field] {
      withFields(ofRow: row) { cursor, field, _ in
        if missing.contains(cursor.bytes, field) { return .missing }
        let number = DecimalNumber.parse(
          cursor.bytes, field.start, field.end, as: Double.self, decimalMark: decimalMark)
        return number.map { .number($0) } ?? .text(cursor.text(of: field) ?? "")
      }
    }
    return CSVHeader(first: fields(0), beneath: (1..<max(1, min(rowStarts.count, 21))).map { fields($0) }).isPresent
  }

  private func withFields<Result>(
    ofRow row: Int, _ body: (CSVCursor, CSVCursor.Field, _ column: Int) throws -> Result
  ) rethrows -> [Result] {
    try bytes.withUnsafeBufferPointer { buffer in
      var cursor = CSVCursor(bytes: buffer, delimiter: delimiter, position: rowStarts[row])
      var results: [Result] = []
      // The quotes of all fields are already known to be valid.
      while let field = try? cursor.nextField() {
        results.append(try body(cursor, field, results.count))
        if field.endsRow { break }
      }
      return results
    }
  }
}

/// The fields that mean a missing number, as bytes.
struct CSVMissingMarkers {
  private let markers: [[UInt8]]

  init(_ markers: Set<String>) { self.markers = markers.map { $0.lowercased().utf8.map { $0 } } }

  /// Compares without regard to the case of ASCII letters or surrounding blanks.
  func contains(_ bytes: UnsafeBufferPointer<UInt8>, _ field: CSVCursor.Field) -> Bool {
    var (start, end) = (field.start, field.end)
    while start < end, bytes[start] == 0x20 || bytes[start] == 0x09 { start += 1 }
    while end > start, bytes[end - 1] == 0x20 || bytes[end - 1] == 0x09 { end -= 1 }
    return markers.contains { marker in
      guard marker.count == end - start else { return false }
      for (index, expected) in marker.enumerated() {
        let byte = bytes[start + index]
        let lowered = (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
        if lowered != expected { return false }
      }
      return true
    }
  }
}
