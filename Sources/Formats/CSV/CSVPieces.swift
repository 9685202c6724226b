/// A CSV file read in pieces of whole rows, so that it need not fit into memory.
///
/// The first piece determines the dialect and the column names; the rows of all pieces must have equally many fields.
/// Errors name the line in the file.
package final class CSVPieces {
  /// The number of bytes per read.
  package static let pieceByteCount = 1 << 20

  private let bytes: ByteSource
  private let path: String
  private let options: CSVOptions
  private let pieceByteCount: Int
  /// The offset of the next piece.
  private var position = 0
  private var lines = 0
  private var first: CSVTable?

  /// Opens a file, to be read in pieces of about the given number of bytes.
  package init(_ path: String, options: CSVOptions, pieceByteCount: Int = CSVPieces.pieceByteCount) throws {
    bytes = try ByteSource(contentsOf: path)
    (self.path, self.options, self.pieceByteCount) = (path, options, max(pieceByteCount, 1))
  }

  /// The fraction of the file read so far.
  package var share: Double { bytes.count == 0 ? 1 : Double(position) / Double(bytes.count) }

  /// The next rows; nil at the end of the file.
  ///
  /// - Parameter begin: decides how to interpret the first piece, such as whether its first row names the columns; this
  ///   holds for all pieces.
  /// - Returns: a table with the rows of the piece.
  /// - Throws: ``FormatError`` like ``CSVTable``.
  package func next(begin: (CSVTable) throws -> CSVTable = { $0 }) throws -> CSVTable? {
    guard position < bytes.count || first == nil else { return nil }
    let piece = try wholeRows()
    defer { lines += CSVCursor.lineCount(piece) }
    if let first { return try CSVTable(piece, continuing: first, afterLines: lines) }
    let table = try begin(CSVTable(piece, source: path, options: options))
    first = table
    return table
  }

  /// The bytes of the next rows: as many as a piece holds, but at least one row.
  private func wholeRows() throws -> [UInt8] {
    var count = pieceByteCount
    while true {
      let end = min(position + count, bytes.count)
      let piece = try bytes.bytes(position..<end)
      if end == bytes.count {
        position = end
        return piece
      }
      let whole = try wholeRows(of: piece)
      if whole.byteCount > 0, first != nil || whole.rowCount >= CSVPieces.rowsThatTell {
        position += whole.byteCount
        return Array(piece[..<whole.byteCount])
      }
      count *= 2
    }
  }

  /// The maximum number of rows used to determine dialect and names.
  private static let rowsThatTell = 64

  /// The number of bytes in complete rows, and the number of these rows.
  private func wholeRows(of piece: [UInt8]) throws -> (byteCount: Int, rowCount: Int) {
    let delimiter = try first?.delimiter ?? CSVDialect(of: piece, options, FormatSource(path)).delimiter
    return piece.withUnsafeBufferPointer { CSVCursor.wholeRows(of: $0, delimiter: delimiter) }
  }
}

extension CSVCursor {
  /// The number of bytes in complete rows, and about how many rows these are.
  static func wholeRows(
    of bytes: UnsafeBufferPointer<UInt8>, delimiter: UInt8
  ) -> (byteCount: Int, rowCount: Int) {
    if !bytes.contains(quote), let end = bytes.lastIndex(where: { $0 == lineFeed }) {
      return (end + 1, bytes[...end].count { $0 == lineFeed })
    }
    var cursor = CSVCursor(bytes: bytes, delimiter: delimiter, position: CSVLayout.start(of: bytes))
    var whole = (byteCount: 0, rowCount: 0)
    while cursor.advanceToRow(), let isEnd = cursor.skipRow() {
      // A carriage return at the very end may be the first half of a line break.
      guard isEnd, cursor.position < bytes.count || bytes.last == lineFeed else { break }
      whole = (cursor.position, whole.rowCount + 1)
    }
    return whole
  }

  /// Skips a row; returns false if the bytes end before the row does, and nil if its quotes are invalid.
  private mutating func skipRow() -> Bool? {
    while let field = try? nextField() {
      guard field.endsRow else { continue }
      return position < bytes.count || bytes.last == Self.lineFeed || bytes.last == Self.carriageReturn
    }
    return nil
  }

  /// The number of line ends in the bytes.
  static func lineCount(_ bytes: [UInt8]) -> Int {
    bytes.withUnsafeBufferPointer { buffer in
      CSVCursor(bytes: buffer, delimiter: 0, position: 0).line(at: buffer.count) - 1
    }
  }
}
