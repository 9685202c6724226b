import Aviary

/// Writes predictions as a table: a header, then one row per prediction.
final class CSVPredictionWriter: PredictionWriter {
  private let columns: PredictionColumns
  private let sink: PredictionSink
  private var hasNames = false

  init(_ columns: PredictionColumns, _ sink: PredictionSink) { (self.columns, self.sink) = (columns, sink) }

  func write(_ predictions: Predictions, for rows: StoredRows) throws {
    var bytes: [UInt8] = []
    let classes = predictions.classes(top: columns.top)
    predictions.texts { text, width in
      if !hasNames { append(columns.names(width), to: &bytes) }
      hasNames = true
      for row in 0..<predictions.count {
        let place = columns.place(row, of: rows)
        var fields = columns.showsFiles ? [place.file] : []
        if columns.showsRows { fields.append(place.row.map { "\($0)" } ?? "") }
        if classes.isEmpty {
          for column in 0..<width { fields.append(text(row, column)) }
        } else {
          for found in classes[row] { fields += [found.name, text(row, found.label)] }
          if columns.areAllShown { for column in 0..<width { fields.append(text(row, column)) } }
        }
        append(fields, to: &bytes)
      }
    }
    try sink.write(bytes)
  }

  func finish() throws { try sink.finish() }

  /// A line of the table. Values that contain a delimiter, a quote or a line break are quoted (RFC 4180).
  private func append(_ fields: [String], to bytes: inout [UInt8]) {
    for (index, field) in fields.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      if field.utf8.contains(where: { [0x22, 0x2C, 0x0A, 0x0D].contains($0) }) {
        bytes += "\"\(field.replacing("\"", with: "\"\""))\"".utf8
      } else {
        bytes += field.utf8
      }
    }
    bytes.append(UInt8(ascii: "\n"))
  }
}
