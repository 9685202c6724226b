import AviaryCore

/// A table of comma-separated values (RFC 4180): rows with equally many fields, optionally with column names.
///
/// ```swift
/// let table = try CSVTable(contentsOf: "iris.csv")
/// let x = try table.numbers(columns: ["sepal length", "sepal width"])    // float64[150, 2]
/// let kinds = try table.texts(column: "species")                         // 150 strings
/// ```
///
/// Quoted fields may contain delimiters, doubled quotes and line breaks. Lines end in LF, CR LF or CR; empty lines and
/// a byte order mark are skipped. Blanks belong to a string, but not to a number; as numbers, `true` and `false` are 1
/// and 0. The table keeps the file's bytes and converts requested columns only: 47 million small numbers take about a
/// second.
public struct CSVTable: Sendable {
  /// The maximum number of columns. Wider tables belong in an npz archive.
  public static let maximumColumnCount = 1 << 18
  /// The text of the error for bytes that are not UTF-8, and its remedy.
  static let otherBytes = "other bytes, as of Latin-1 or Windows-1252"
  static let encodingRemedy = "save the file in UTF-8, or convert it: iconv -f LATIN1 -t UTF-8"

  /// The column names, or nil if the file has none.
  public let columnNames: [String]?
  /// Fields per row; 0 for an empty file.
  public let columnCount: Int
  /// The number of data rows.
  public var rowCount: Int { rowStarts.count }

  let options: CSVOptions
  /// The options' markers, made ready once.
  let missing: CSVMissingMarkers
  let bytes: [UInt8]
  let source: FormatSource
  /// The character between fields.
  package let delimiter: UInt8
  /// The decimal mark.
  package let decimalMark: UInt8
  let rowStarts: [Int]

  /// Reads the bytes of a CSV file.
  ///
  /// - Parameters:
  ///   - bytes: the whole file, in UTF-8.
  ///   - source: the name for error messages.
  ///   - options: delimiter, header, missing values.
  /// - Throws: ``FormatError`` naming line and column for rows of unequal length or of more than ``maximumColumnCount``
  ///   fields, unclosed quotes, or a delimiter that is not ASCII.
  public init(_ bytes: [UInt8], source: String = "CSV data", options: CSVOptions = CSVOptions()) throws {
    self.bytes = bytes
    self.source = FormatSource(source)
    self.options = options
    missing = CSVMissingMarkers(options.missingMarkers)
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
      throw self.source.error(
        .unsupported, at: 0, expected: "text in UTF-8", found: "UTF-16",
        remedy: "save the file in UTF-8, or convert it: iconv -f UTF-16 -t UTF-8")
    }
    let dialect = try CSVDialect(of: bytes, options, self.source)
    (delimiter, decimalMark) = (dialect.delimiter, dialect.decimalMark)
    let layout = try CSVLayout(bytes, delimiter: delimiter, source: self.source)
    columnCount = layout.columnCount
    var names: [String]?
    if layout.isHeader(options.header, missing: missing, decimalMark: decimalMark) {
      names = try layout.texts(inRow: 0)
    }
    columnNames = names
    rowStarts = names == nil ? layout.rowStarts : Array(layout.rowStarts.dropFirst())
  }

  /// Reads a CSV file.
  public init(contentsOf path: String, options: CSVOptions = CSVOptions()) throws {
    try self.init(FileBytes.read(path), source: path, options: options)
  }

  /// Further rows of a table, from another piece of its file.
  ///
  /// - Parameters:
  ///   - bytes: whole rows.
  ///   - first: the table at the beginning of the file; the rows have its dialect, columns and names.
  ///   - lines: the number of lines of the file before them.
  /// - Throws: ``FormatError`` like ``init(_:source:options:)``.
  init(_ bytes: [UInt8], continuing first: CSVTable, afterLines lines: Int) throws {
    (self.bytes, options, delimiter, decimalMark) = (bytes, first.options, first.delimiter, first.decimalMark)
    (columnNames, columnCount) = (first.columnNames, first.columnCount)
    missing = first.missing
    var source = first.source
    source.linesBefore = lines
    self.source = source
    rowStarts = try CSVLayout(bytes, delimiter: delimiter, source: source, columnCount: columnCount).rowStarts
  }

  /// The same table with the first row as names or as data, whatever it looks like.
  package func reread(header: CSVOptions.Header) throws -> CSVTable {
    var options = options
    options.header = header
    options.delimiter = Character(UnicodeScalar(delimiter))
    options.decimalMark = Character(UnicodeScalar(decimalMark))
    return try CSVTable(bytes, source: source.name, options: options)
  }

  /// The index of the column with the given name.
  ///
  /// - Throws: ``FormatError`` of kind `noSuchName` with the nearest name, or if two columns have the name, or the
  ///   table has no names.
  public func position(ofColumn name: String) throws -> Int {
    guard let columnNames else {
      throw source.error(
        .noSuchName, expected: "a column named '\(name)'", found: "a table without column names",
        remedy: "use indices, or declare the first row a header")
    }
    guard let position = columnNames.firstIndex(of: name) else {
      throw noSuchName(name, among: columnNames, what: "a column", source: source.name)
    }
    if let second = columnNames[(position + 1)...].firstIndex(of: name) {
      throw source.error(
        expected: "one column named '\(name)'", found: "columns \(position + 1) and \(second + 1)",
        remedy: "use indices")
    }
    return position
  }
}
