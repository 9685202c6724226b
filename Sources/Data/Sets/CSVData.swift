import AviaryCore
import AviaryFormats
import AviaryRegistry

/// A table in a text file (RFC 4180): each row is an example, each column a feature, and one column the target.
///
/// Features are numbers and become float64 [n, features]. The target becomes labels, numbered in the order of the
/// distinct numbers or strings, or values, float64 [n, 1], depending on model and loss; if these have no preference,
/// strings and few distinct integers are labels. ``DataSet/notes`` states what was detected in the file.
///
/// With a ``DataSchema``, columns and classes are matched by name.
public struct CSVData: DataSource, Registrable {
  /// Whether the first row names the columns.
  public enum Header: String, CaseIterable, FieldValue {
    case automatic, present, absent
  }

  struct Configuration: FieldGroup {
    @Field("CSV file, also relative to the recipe's folder or AVIARY_DATA; --data FILE overrides it", .nonEmpty)
    var file: String?
    @Field("Target column: its name, its index from 0 (from the end if negative), or null for none")
    var target: ConfigurationValue = -1
    @Field("Names of columns to exclude, such as identifiers; indices from 0 if there are no names")
    var ignore: [String] = []
    @Field(
      "Whether targets are labels or values; automatic: as the loss needs, otherwise labels for text and few integers"
    )
    var targetKind = TargetKind.automatic
    @Field(
      "Whether the first row names the columns; automatic: if it has text above numbers, or ascending numbers"
    )
    var header = Header.automatic
    @Field("Field separator, a tab written \\t; by default comma, semicolon, tab or |, whichever fits")
    var delimiter: String?

    init() {}

    func validate() throws {
      switch target {
      case .null, .integer: break
      case .string(let name): try Check.nonEmpty(name, "target")
      default: try Check.that(false, "target", "a column's name or index, or null", found: target)
      }
      guard let delimiter else { return }
      let isOne = delimiter.count == 1 && delimiter.first?.isASCII == true
      try Check.that(
        isOne && !["\"", "\n", "\r", "\r\n"].contains(delimiter), "delimiter",
        "one ASCII character other than quotes and line breaks", found: delimiter)
    }
  }

  public static let name = "csv"
  public static let card = Card(
    "A CSV table of numbers: each row is an example, one column the target, which may be text.",
    tags: ["file", "table"])

  var configuration = Configuration()
  private var delimiter: Character? { configuration.delimiter?.first }

  public init() {}

  /// Reads a file; the target is in the named column, by default the last one.
  public init(_ file: String, target: String? = nil, targetKind: TargetKind = .automatic) {
    configuration.file = file
    configuration.target = target.map { .string($0) } ?? -1
    configuration.targetKind = targetKind
  }

  /// Reads the file.
  public func load(_ environment: DataEnvironment) throws -> DataSet {
    guard let file = environment.file ?? configuration.file else {
      throw DataError("csv", "no file given; set data.file in the recipe, or use --data FILE")
    }
    return try DataError.wrapping {
      let (path, bytes) = try environment.read(file)
      if let error = DataError.noTable(path, bytes, isMeasured: environment.schema != nil) { throw error }
      let table = try table(bytes, path, environment.schema)
      guard table.rowCount > 0 else { throw DataError(path, "the table has no data rows") }
      let columns =
        if let schema = environment.schema, let features = schema.featureNames {
          try CSVColumns(schema, features, configuration, in: table, path)
        } else {
          try CSVColumns(configuration, in: table, path)
        }
      let measuredRemedy = environment.schema.map { schema in
        schema.featureNames == nil || table.columnNames == nil
          ? "; columns are matched by position, in the order of the training data" : ""
      }
      var set = DataSet(
        name: path.split(separator: "/").last.map(String.init) ?? path,
        inputs: try numbers(table, columns.features, measuredRemedy: measuredRemedy))
      (set.featureNames, set.targetName) = (columns.featureNames, columns.targetName)
      set.notes = [note(on: table)].compactMap { $0 } + columns.notes
      if environment.schema == nil {
        set.notes += columns.counterNotes(set.inputs) + (try columns.longNumberNotes(set.inputs, table))
      }
      if let schema = environment.schema, schema.featureNames == nil, table.columnNames != nil {
        set.notes.append("the run was trained on columns without names, so this file's are matched by position")
      }
      if let target = columns.target {
        let reading = TargetReading(configuration.targetKind, environment)
        let found = try targets(table, target, named: columns.targetName, reading, path)
        (set.targets, set.classNames) = (found.targets, found.names)
        set.classesAreCounted = TargetReading.areCounted(found.names)
        let title = columns.targetName.map { "target '\($0)'" } ?? "target in column \(target + 1)"
        set.notes.append(TargetReading.note(title, found.targets, found.names))
        set.notes += [found.note, lonelyClassNote(table, found)].compactMap { $0 }
      }
      return try set.validated()
    }
  }

  /// A note if the first row's class occurs in no other row, as when that row names the columns.
  private func lonelyClassNote(_ table: CSVTable, _ found: FoundTargets) -> String? {
    guard configuration.header == .automatic, table.columnNames == nil, table.rowCount > 3, let names = found.names,
      found.targets.dtype == .int64
    else { return nil }
    let labels = found.targets.scalars(as: Int.self)
    let name = names[labels[0]]
    guard !labels.dropFirst().contains(labels[0]), Double(name) == nil else { return nil }
    return "only the first row has the class '\(name)'; if that row names the columns, set data.header to \"present\""
  }

  /// The table; its first row names the columns if it holds names from the schema.
  private func table(_ bytes: [UInt8], _ path: String, _ schema: DataSchema?) throws -> CSVTable {
    try named(CSVTable(bytes, source: path, options: options), by: schema)
  }

  /// The configured options for reading tables.
  var options: CSVOptions {
    let header = CSVOptions.Header(rawValue: configuration.header.rawValue) ?? .automatic
    return CSVOptions(delimiter: delimiter, decimalMark: nil, header: header)
  }

  /// Reads a table; its first row names the columns if it holds names from the schema.
  func named(_ table: CSVTable, by schema: DataSchema?) throws -> CSVTable {
    guard configuration.header == .automatic, table.columnNames == nil, let features = schema?.featureNames,
      table.rowCount > 0
    else {
      return table
    }
    let named = try table.reread(header: .present)
    let names = Set(CSVColumns.distinctNames(of: named) ?? [])
    return features.allSatisfy(names.contains) ? named : table
  }

  /// What was detected about the file's format; nil if it is as expected.
  private func note(on table: CSVTable) -> String? {
    var parts: [String] = []
    if configuration.header == .automatic {
      parts.append(
        table.columnNames == nil ? "no column names in the first row" : "column names in the first row")
    }
    if delimiter == nil, table.delimiter != UInt8(ascii: ",") {
      let names: [UInt8: String] = [UInt8(ascii: ";"): "semicolons", UInt8(ascii: "\t"): "tabs"]
      parts.append("\(names[table.delimiter] ?? "|") between fields")
    }
    if table.decimalMark == UInt8(ascii: ",") { parts.append("decimal commas") }
    return parts.isEmpty ? nil : "table: " + parts.joined(separator: ", ")
  }
}
