import AviaryCore
import AviaryFormats
import AviaryRegistry

/// A table in a text file (RFC 4180): a row an example, a column a feature, one of them the target.
///
/// Features are numbers and become float64 [n, features]. A target of texts becomes labels in the texts' alphabetical
/// order, which are then the class names; whole numbers are labels themselves; other numbers are values, float64 [n, 1].
public struct CSVData: DataSource, Registrable {
  /// Whether the first row names the columns.
  public enum Header: String, Codable, CaseIterable, Sendable {
    case automatic, present, absent
  }

  /// The set's configuration.
  public struct Configuration: ConfigurationFields {
    /// The file.
    public var file: String?
    /// The target's column: a name or a position.
    public var target: ConfigurationValue = -1
    /// Columns to leave out.
    public var ignore: [String] = []
    /// Whether targets are labels or values.
    public var targetKind = TargetKind.automatic
    /// Whether the first row names the columns.
    public var header = Header.automatic
    /// What stands between two fields.
    public var delimiter = ","

    /// The last column is the target.
    public init() {}
  }

  /// `"csv"`.
  public static let name = "csv"
  /// What is worth knowing.
  public static let card = Card(
    "A table of numbers in a text file: a row an example, one column the target, which may be texts.",
    fields: [
      "file": "The CSV file, also relative to the recipe's folder or AVIARY_DATA; --data FILE takes its place.",
      "target": "The target's column: its name, its position from 0, from the end if negative, or null for none.",
      "ignore": "Names of columns that are no features, such as identifiers.",
      "targetKind": "Whether targets are labels or values; automatic: labels where they are texts or whole numbers.",
      "header": "Whether the first row names the columns; automatic: where it holds texts above numbers.",
      "delimiter": "The character between two fields; tab is written \\t.",
    ], tags: ["file", "table"])

  let configuration: Configuration
  let delimiter: Character

  /// Checks the configuration.
  public init(_ configuration: Configuration, in registries: Registries) throws {
    if let file = configuration.file { try Check.nonEmpty(file, "file") }
    switch configuration.target {
    case .null, .integer: break
    case .string(let name): try Check.nonEmpty(name, "target")
    default: try Check.that(false, "target", "a column's name or position, or null", found: configuration.target)
    }
    let text = configuration.delimiter
    try Check.that(
      text.count == 1 && text.first?.isASCII == true && !["\"", "\n", "\r", "\r\n"].contains(text), "delimiter",
      "one ASCII character that is no quote and no line break", found: text)
    delimiter = text.first ?? ","
    self.configuration = configuration
  }

  /// The set in a file with the target in the column of the given name, the last one unless given.
  public init(_ file: String, target: String? = nil, targetKind: TargetKind = .automatic) {
    var configuration = Configuration()
    configuration.file = file
    configuration.target = target.map { .string($0) } ?? -1
    configuration.targetKind = targetKind
    self.configuration = configuration
    delimiter = ","
  }

  /// Reads the file.
  public func load(_ environment: DataEnvironment) throws -> DataSet {
    guard let file = environment.file ?? configuration.file else {
      throw DataError("csv", "no file is named; set data.file in the recipe, or give --data FILE")
    }
    return try DataError.wrapping {
      let (path, bytes) = try environment.read(file)
      if let error = DataError.noTable(path, bytes) { throw error }
      let header = CSVOptions.Header(rawValue: configuration.header.rawValue) ?? .automatic
      let table = try CSVTable(bytes, source: path, options: CSVOptions(delimiter: delimiter, header: header))
      guard table.rowCount > 0 else { throw DataError(path, "the table has no rows of data") }
      let target = try targetPosition(in: table, path)
      var left = Set(try configuration.ignore.map { try table.position(ofColumn: $0) })
      if let target { left.insert(target) }
      let features = (0..<table.columnCount).filter { !left.contains($0) }
      guard !features.isEmpty else { throw DataError(path, "no column is left for the inputs") }
      var set = DataSet(
        name: path.split(separator: "/").last.map(String.init) ?? path, inputs: try numbers(table, features))
      if let target { (set.targets, set.classNames) = try targets(table, target, path) }
      return try set.validated()
    }
  }

  private func targetPosition(in table: CSVTable, _ path: String) throws -> Int? {
    switch configuration.target {
    case .string(let name): return try table.position(ofColumn: name)
    case .integer(let position):
      let count = table.columnCount
      guard position >= -count, position < count else {
        throw DataError(path, "target: expected a position from \(-count) to \(count - 1), found \(position)")
      }
      return position < 0 ? position + count : position
    default: return nil
    }
  }

  private func targets(_ table: CSVTable, _ column: Int, _ path: String) throws -> (Tensor, [String]?) {
    if configuration.targetKind == .values { return (try numbers(table, [column]), nil) }
    let texts = try table.texts(columnAt: column).map { $0.trimmingBlanks() }
    // Among numbers NA is a missing value, which the table refuses; among classes it may well be one.
    let isText = texts.contains { Double($0) == nil && !table.isMissing($0) }
    if isText {
      if let row = texts.firstIndex(where: \.isEmpty) {
        throw table.error(
          atRow: row, column: column, expected: "a class", found: "a missing value", remedy: CSVData.remedy)
      }
      let names = Set(texts).sorted()
      let labels = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($0.element, $0.offset) })
      return (Tensor(texts.map { labels[$0] ?? 0 }, shape: [texts.count]), names)
    }
    let values = try numbers(table, [column])
    let isWhole = configuration.targetKind == .labels || texts.allSatisfy { Int($0) != nil }
    return (isWhole ? try TargetKind.labels.targets(from: values, source: path) : values, nil)
  }

  private static let remedy = "leave the row out or fill the value in"

  private func numbers(_ table: CSVTable, _ columns: [Int]) throws -> Tensor {
    do {
      return try table.numbers(columnsAt: columns)
    } catch var error as FormatError where error.remedy != nil {
      // The table could read missing values as NaN, which nothing here could learn from.
      error.remedy = CSVData.remedy
      throw error
    }
  }
}

extension StringProtocol {
  /// Without blanks and tabs at its ends.
  func trimmingBlanks() -> String {
    func isBlank(_ character: Character) -> Bool { character == " " || character == "\t" }
    return String(drop(while: isBlank).reversed().drop(while: isBlank).reversed())
  }
}
