import AviaryFormats
import AviaryRegistry

/// Which columns of a table are features, and which is the target.
struct CSVColumns {
  /// Indices of the features, in the order of the inputs.
  var features: [Int]
  /// The target's index.
  var target: Int?
  /// Their distinct names; nil if the table has none.
  var featureNames: [String]?
  var targetName: String?
  /// What was excluded, for the user.
  var notes: [String] = []
}

extension CSVColumns {
  /// Columns as configured: all are features except the target, ignored columns, columns without name and values, and
  /// an unnamed first column, which numbers the rows.
  init(_ configuration: CSVData.Configuration, in table: CSVTable, _ path: String) throws {
    let empty = try Self.emptyColumns(of: table)
    target = try Self.targetPosition(configuration.target, in: table, except: empty, path)
    var left = Set(try configuration.ignore.map { try Self.position(of: $0, in: table) }).union(empty)
    if let target { left.insert(target) }
    let names = Self.distinctNames(of: table)
    if !empty.isEmpty {
      notes.append("\(Self.counted(empty.count, "column")) without name and values excluded")
    }
    if Self.isUnnamed(0, in: table), !left.contains(0), table.columnCount - left.count > 1 {
      left.insert(0)
      notes.append("the first column has no name and is excluded as a row number or name")
    }
    features = (0..<table.columnCount).filter { !left.contains($0) }
    guard !features.isEmpty else {
      let remedy = "data.target=null makes \(table.columnCount == 1 ? "it an input" : "all of them inputs")"
      let isOne = table.columnCount == 1 && configuration.delimiter == nil
      throw DataError(
        path,
        "no column remains for the inputs: the table has \(Self.counted(table.columnCount, "column")); "
          + (isOne
            ? "if its fields are not separated by commas, semicolons, tabs or |, set data.delimiter; otherwise "
            : "")
          + remedy)
    }
    guard let names else { return }
    featureNames = features.map { names[$0] }
    targetName = target.map { names[$0] }
    noteNames(table, names)
  }

  /// Columns matching those of the training: by name if both have names, otherwise by position.
  init(
    _ schema: DataSchema, _ features: [String], _ configuration: CSVData.Configuration, in table: CSVTable,
    _ path: String
  ) throws {
    featureNames = features
    targetName = schema.targetName
    guard let names = Self.distinctNames(of: table) else {
      (self.features, target) = try Self.positions(schema, features, configuration, in: table, path)
      notes.append(
        "the file has no column names; columns are matched by position: \(ClassNumbering.list(features, upTo: 5))")
      return
    }
    let positions = Dictionary(names.enumerated().map { ($0.element, $0.offset) }) { first, _ in first }
    let missing = features.filter { positions[$0] == nil }
    guard missing.isEmpty else {
      let list = missing.map { "'\($0)'" }.listed(atMost: 10)
      let wanted = Set(features)
      let others = names.indices.filter { !Self.isUnnamed($0, in: table) }.map { names[$0] }
        .filter { !wanted.contains($0) && $0 != schema.targetName }
      throw DataError(
        path,
        "the file lacks \(missing.count == 1 ? "the column" : "the columns") \(list) of the \(features.count) training "
          + "columns"
          + (others.isEmpty ? "" : "; it has others: \(ClassNumbering.list(others.map { "'\($0)'" }))"))
    }
    self.features = features.compactMap { positions[$0] }
    if let name = schema.targetName {
      target = positions[name]
      if target == nil { notes.append("the file has no column '\(name)': its rows have no targets") }
    }
    let used = Set(self.features + [target].compactMap { $0 })
    let ignored = names.indices.filter { !used.contains($0) && !Self.isUnnamed($0, in: table) }
      .map { "'\(names[$0])'" }
    if !ignored.isEmpty {
      notes.append("columns not used in training are ignored: \(ClassNumbering.list(ignored))")
    }
  }

  /// The columns of a file without names but with the right number of columns.
  private static func positions(
    _ schema: DataSchema, _ features: [String], _ configuration: CSVData.Configuration, in table: CSVTable,
    _ path: String
  ) throws -> (features: [Int], target: Int?) {
    let count = table.columnCount
    if count == features.count { return (Array(0..<count), nil) }
    guard schema.targetName != nil, count == features.count + 1 else {
      throw DataError(
        path,
        "the file has no column names and \(counted(count, "column")) instead of "
          + "\(features.count) features\(schema.targetName.map { " and the target '\($0)'" } ?? ""); add a first row of names"
      )
    }
    guard case .integer(let position) = configuration.target, -count..<count ~= position else {
      throw DataError(
        path,
        "the file has no column names, and the target is known only by its name '\(schema.targetName ?? "")'; "
          + "add a first row of names")
    }
    let target = position < 0 ? position + count : position
    return ((0..<count).filter { $0 != target }, target)
  }

  /// The target's column. Counting from the end skips unnamed columns if others have names.
  private static func targetPosition(
    _ target: ConfigurationValue, in table: CSVTable, except empty: Set<Int>, _ path: String
  ) throws -> Int? {
    switch target {
    case .string(let name): return try position(of: name, in: table)
    case .integer(let position):
      let count = table.columnCount
      // A year may be a name.
      if position >= count, let column = distinctNames(of: table)?.firstIndex(of: String(position)) { return column }
      guard position >= -count, position < count else {
        throw DataError(path, "target: expected an index from \(-count) to \(count - 1), found \(position)")
      }
      guard position < 0 else { return position }
      let columns = (0..<count).filter { !empty.contains($0) && ($0 == 0 || !isUnnamed($0, in: table)) }
      return columns.count + position < 0 ? position + count : columns[columns.count + position]
    default: return nil
    }
  }

  /// A column by name, ignoring leading and trailing blanks; in a table without names, by index from 0.
  static func position(of name: String, in table: CSVTable) throws -> Int {
    guard let names = table.columnNames else {
      if let position = Int(name), 0..<table.columnCount ~= position { return position }
      return try table.position(ofColumn: name)
    }
    let matches = names.indices.filter { names[$0].trimmingBlanks() == name.trimmingBlanks() }
    return matches.count == 1 ? matches[0] : try table.position(ofColumn: name)
  }

  /// Whether a column lacks a name in a table with column names.
  private static func isUnnamed(_ column: Int, in table: CSVTable) -> Bool {
    table.columnNames.map { $0[column].trimmingBlanks().isEmpty } ?? false
  }

  /// Empty columns without names, as created by a delimiter at the end of each line.
  private static func emptyColumns(of table: CSVTable) throws -> Set<Int> {
    let candidates =
      table.columnNames == nil
      ? [table.columnCount - 1] : (0..<table.columnCount).filter { isUnnamed($0, in: table) }
    let empty = try candidates.filter { try table.texts(columnAt: $0).allSatisfy { $0.trimmingBlanks().isEmpty } }
    return empty.count < table.columnCount ? Set(empty) : []
  }

  /// The names without leading and trailing blanks. As in pandas, a second `a` becomes `a.1`, and an unnamed third
  /// column `Unnamed: 2`. nil if the table has no names.
  static func distinctNames(of table: CSVTable) -> [String]? {
    var counts: [String: Int] = [:]
    guard
      let names = table.columnNames?.enumerated().map({ position, name in
        name.trimmingBlanks().isEmpty ? "Unnamed: \(position)" : name.trimmingBlanks()
      })
    else { return nil }
    var taken = Set(names)
    return names.map { name in
      defer { counts[name, default: 0] += 1 }
      guard var count = counts[name] else { return name }
      while !taken.insert("\(name).\(count)").inserted { count += 1 }
      return "\(name).\(count)"
    }
  }

  /// Adds notes on features whose names differ from those in the file.
  private mutating func noteNames(_ table: CSVTable, _ names: [String]) {
    let unnamed = features.filter { Self.isUnnamed($0, in: table) }.map { "'\(names[$0])'" }
    if !unnamed.isEmpty { notes.append("columns without names are renamed to \(ClassNumbering.list(unnamed))") }
    let renamed = names.indices.filter { !Self.isUnnamed($0, in: table) }.filter { position in
      table.columnNames?[position].trimmingBlanks() != names[position]
    }
    guard !renamed.isEmpty else { return }
    let list = ClassNumbering.list(renamed.map { "'\(names[$0])'" })
    notes.append("columns with duplicate names are renamed to \(list)")
  }

  private static func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }
}
