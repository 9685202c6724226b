import Aviary

/// Writes predictions as JSON Lines: one object per row.
final class JSONPredictionWriter: PredictionWriter {
  private let columns: PredictionColumns
  private let sink: PredictionSink
  /// The class names, encoded as JSON.
  private let names: [String]

  init(_ columns: PredictionColumns, _ sink: PredictionSink) {
    (self.columns, self.sink) = (columns, sink)
    names = columns.predictor.classNames?.map(Self.quoted) ?? []
  }

  func write(_ predictions: Predictions, for rows: StoredRows) throws {
    var bytes: [UInt8] = []
    let classes = predictions.classes(top: columns.top)
    predictions.texts { text, width in
      for row in 0..<predictions.count {
        let place = columns.place(row, of: rows)
        var members = columns.showsFiles ? ["\"file\":\(Self.quoted(place.file))"] : []
        if columns.showsRows, let number = place.row { members.append("\"row\":\(number)") }
        let number = { (column: Int) in Self.number(text(row, column)) }
        if classes.isEmpty {
          members.append("\"\(columns.predictor.kind.rawValue)\":[\((0..<width).map(number).joined(separator: ","))]")
        } else {
          members += self.members(classes[row], width, number)
        }
        bytes += "{\(members.joined(separator: ","))}\n".utf8
      }
    }
    try sink.write(bytes)
  }

  func finish() throws { try sink.finish() }

  private func members(_ found: [Predictions.Class], _ width: Int, _ number: (Int) -> String) -> [String] {
    let score = columns.score
    func pair(_ label: Int) -> String { "\"class\":\(names[label]),\"\(score)\":\(number(label))" }
    var members = found.first.map { [pair($0.label)] } ?? []
    if found.count > 1 { members.append("\"top\":[\(found.map { "{\(pair($0.label))}" }.joined(separator: ","))]") }
    if columns.areAllShown {
      let all = (0..<width).map { "\(names[$0]):\(number($0))" }
      members.append("\"\(score == "score" ? "scores" : "probabilities")\":{\(all.joined(separator: ","))}")
    }
    return members
  }

  /// JSON has no infinity and no NaN.
  private static func number(_ text: String) -> String { text.contains { $0 == "n" } ? "null" : text }

  private static func quoted(_ text: String) -> String { ConfigurationValue.string(text).json() }
}
