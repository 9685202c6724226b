import AviaryCore

extension CSVTable {
  /// Numeric columns as a tensor [rows, columns], in the given order.
  ///
  /// - Parameters:
  ///   - columns: names, each at most once.
  ///   - dtype: `float64` or `float32`, to which every number is rounded once. Traps on another type.
  /// - Returns: the columns, with one row per row of the table.
  /// - Throws: ``FormatError`` naming line and column of the first field that is not a number, or missing if that is
  ///   refused.
  public func numbers(columns: [String], dtype: DType = .float64) throws -> Tensor {
    try numbers(columnsAt: columns.map { try position(ofColumn: $0) }, dtype: dtype)
  }

  /// Numeric columns as a tensor [rows, columns]; by default all, otherwise by index from 0.
  public func numbers(columnsAt positions: [Int]? = nil, dtype: DType = .float64) throws -> Tensor {
    switch dtype {
    case .float64: return try parsed(positions, as: Double.self)
    case .float32: return try parsed(positions, as: Float.self)
    default: trap("a CSV table's numbers can be float64 or float32, not \(dtype.name)")
    }
  }

  /// A column's strings, row by row.
  public func texts(column: String) throws -> [String] { try texts(columnAt: position(ofColumn: column)) }

  /// The strings of the column with an index from 0.
  ///
  /// - Throws: ``FormatError`` if there is no such column, or a field is not UTF-8.
  public func texts(columnAt position: Int) throws -> [String] {
    let wanted = try slots([position])
    var texts: [String] = []
    texts.reserveCapacity(rowCount)
    try forEachField(wanted) { cursor, field, _, _ in
      guard let text = cursor.text(of: field) else {
        throw error(
          cursor, field, position, expected: "text in UTF-8", found: CSVTable.otherBytes,
          remedy: CSVTable.encodingRemedy)
      }
      texts.append(text)
    }
    return texts
  }

  /// The meaning of a field's text, without surrounding blanks, where a number is expected.
  package enum FieldKind {
    case number(Double)
    /// A marker of ``CSVOptions/missingMarkers``.
    case missing
    case text
  }

  /// The meaning of a field's text where a number is expected.
  package func kind(of text: String) -> FieldKind {
    var text = text
    let (number, isMissing) = text.withUTF8 { bytes in
      let field = CSVCursor.Field(start: 0, end: bytes.count, hasDoubledQuotes: false, endsRow: true)
      return (
        DecimalNumber.parse(bytes, 0, bytes.count, as: Double.self, decimalMark: decimalMark),
        missing.contains(bytes, field)
      )
    }
    if isMissing { return .missing }
    return number.map { .number($0) } ?? .text
  }

  /// `true` or `false`, ignoring case.
  private static func truth(_ bytes: UnsafeBufferPointer<UInt8>, _ field: CSVCursor.Field) -> Bool? {
    guard 4...8 ~= field.end - field.start else { return nil }
    let word = bytes[field.start..<field.end].filter { $0 != 0x20 }.map { $0 | 0x20 }
    if word == Array("true".utf8) { return true }
    return word == Array("false".utf8) ? false : nil
  }

  /// An error about the field at a row and column, both from 0.
  package func error(atRow row: Int, column: Int, expected: String, found: String, remedy: String) -> FormatError {
    bytes.withUnsafeBufferPointer { buffer in
      var cursor = CSVCursor(bytes: buffer, delimiter: delimiter, position: rowStarts[row])
      // The quotes of all fields are already known to be valid.
      for _ in 0..<column { _ = try? cursor.nextField() }
      let start = cursor.position
      let field = CSVCursor.Field(start: start, end: start, hasDoubledQuotes: false, endsRow: false)
      return error(cursor, field, column, expected: expected, found: found, remedy: remedy)
    }
  }

  private func parsed<Value: BinaryFloatingPoint & LosslessStringConvertible & TensorScalar>(
    _ positions: [Int]?, as type: Value.Type
  ) throws -> Tensor {
    let positions = positions ?? Array(0..<columnCount)
    let wanted = try slots(positions)
    let shape: Shape = [rowCount, positions.count]
    var result = Tensor(uninitialized: shape, Value.dtype)
    try result.withMutableScalars(as: Value.self) { target in
      try forEachField(wanted) { cursor, field, row, slot in
        let index = row * positions.count + slot
        if let value = DecimalNumber.parse(
          cursor.bytes, field.start, field.end, as: Value.self, decimalMark: decimalMark)
        {
          target[index] = value
          return
        }
        if let value = Self.truth(cursor.bytes, field) {
          target[index] = value ? 1 : 0
          return
        }
        guard missing.contains(cursor.bytes, field) else {
          let found = cursor.text(of: field).map { quoted($0) } ?? "bytes that are not UTF-8"
          throw error(cursor, field, positions[slot], expected: "a number", found: found)
        }
        guard options.missingNumbers == .nan else {
          throw error(
            cursor, field, positions[slot], expected: "a number", found: "a missing value",
            remedy: "set missingNumbers to read missing values as NaN")
        }
        target[index] = .nan
      }
    }
    return result
  }

  /// For each column, its index among those requested, or −1.
  private func slots(_ positions: [Int]) throws -> [Int] {
    var slots = [Int](repeating: -1, count: columnCount)
    for (slot, position) in positions.enumerated() {
      guard slots.indices.contains(position) else {
        throw source.error(
          .noSuchName, expected: "a column index from 0 to \(columnCount - 1)", found: "\(position)")
      }
      guard slots[position] < 0 else {
        throw source.error(.noSuchName, expected: "each column once", found: "column \(position + 1) twice")
      }
      slots[position] = slot
    }
    return slots
  }

  @inline(__always)
  private func forEachField(
    _ slots: [Int], _ body: (CSVCursor, CSVCursor.Field, _ row: Int, _ slot: Int) throws -> Void
  ) throws {
    let last = slots.lastIndex { $0 >= 0 } ?? -1
    guard last >= 0 else { return }
    try bytes.withUnsafeBufferPointer { buffer in
      try slots.withUnsafeBufferPointer { slots in
        var cursor = CSVCursor(bytes: buffer, delimiter: delimiter, position: 0)
        for (row, start) in rowStarts.enumerated() {
          cursor.position = start
          for column in 0...last {
            let field = try cursor.nextField()
            if slots[column] >= 0 { try body(cursor, field, row, slots[column]) }
          }
        }
      }
    }
  }

  private func error(
    _ cursor: CSVCursor, _ field: CSVCursor.Field, _ column: Int, expected: String, found: String,
    remedy: String? = nil
  ) -> FormatError {
    source.line(cursor.line(at: field.start)).inside(.column(column + 1, name: columnNames?[column])).error(
      expected: expected, found: found, remedy: remedy)
  }
}
