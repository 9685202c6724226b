import AviaryCore
import AviaryFormats

/// Reads the features of a table, without targets.
final class CSVRowReader: RowReader {
  private let path: String
  private let form: InputForm
  private let data: CSVData
  private let pieces: CSVPieces
  private var columns: CSVColumns?
  private var position = 0
  private(set) var notes: [String] = []

  init(_ path: String, _ form: InputForm) throws {
    self.path = path
    self.form = form
    data = form.source as? CSVData ?? CSVData()
    pieces = try CSVPieces(path, options: data.options)
  }

  var share: Double { pieces.share }

  func next() throws -> StoredRows? {
    while let table = try pieces.next(begin: { try data.named($0, by: form.schema) }) {
      let columns = try columns ?? found(in: table)
      self.columns = columns
      guard table.rowCount > 0 else { continue }
      let remedy =
        form.schema.featureNames == nil || table.columnNames == nil
        ? "; columns are matched by position, in the order of the training columns" : ""
      let numbers = try data.numbers(table, columns.features, measuredRemedy: remedy)
      let range = position..<position + table.rowCount
      position = range.upperBound
      return StoredRows(inputs: try form.shaped(numbers, path), place: .rows(of: path, range))
    }
    return nil
  }

  private func found(in table: CSVTable) throws -> CSVColumns {
    let columns = try CSVColumns(of: form, data.configuration, in: table, path)
    notes = columns.notes
    return columns
  }
}

extension CSVColumns {
  /// Finds the feature columns: by name if both have names, else by position. A target column is skipped.
  init(of form: InputForm, _ configuration: CSVData.Configuration, in table: CSVTable, _ path: String) throws {
    var schema = form.schema
    if let features = schema.featureNames {
      // No note about missing targets: predictions need none.
      let names = Self.distinctNames(of: table)
      let isNamed = schema.targetName.map { names?.contains($0) ?? (table.columnCount > features.count) } ?? false
      if !isNamed { schema.targetName = nil }
      try self.init(schema, features, configuration, in: table, path)
      return
    }
    let count = form.shape.elementCount
    let byPosition = "columns are taken in their order, since the training data had no names"
    if table.columnCount == count {
      self.init(features: Array(0..<count))
      if table.columnNames != nil { notes.append(byPosition) }
      return
    }
    // Only the table that the run was trained on says which column is the target.
    let wasTable = form.source is CSVData
    if wasTable { try self.init(configuration, in: table, path) } else { self.init(features: []) }
    guard wasTable, features.count == count else {
      throw DataError(
        path,
        "the table has \(table.columnCount) columns, but the model takes \(count) numbers; remove columns that are no inputs, "
          + "such as numbers of rows and targets")
    }
    notes.append("\(byPosition); the target's column is left out")
  }
}
