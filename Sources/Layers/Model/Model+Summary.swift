import AviaryCore

extension Model {
  /// A table of the layers: name, output shape, number of parameters; then the totals.
  public var summary: String {
    var rows = [("layer", "output", "parameters")]
    for row in summaryRows() { rows.append((row.name, row.output.description, String(row.parameters))) }
    let widths = (rows.map(\.0.count).max() ?? 0, rows.map(\.1.count).max() ?? 0, rows.map(\.2.count).max() ?? 0)
    func padded(_ text: String, _ width: Int) -> String { text + String(repeating: " ", count: width - text.count) }
    var lines = rows.map { name, output, count in
      padded(name, widths.0) + "  " + padded(output, widths.1) + "  "
        + String(repeating: " ", count: widths.2 - count.count) + count
    }
    lines.insert(String(repeating: "─", count: widths.0 + widths.1 + widths.2 + 4), at: 1)
    let bytes = (parameters.trainableCount + parameters.state.elementCount) * dtype.byteCount
    lines.append(
      "\(parameters.trainableCount) trained numbers, \(parameters.state.elementCount) of state, \(bytes) bytes")
    return lines.joined(separator: "\n")
  }

  /// The layers, including nested ones: path, output shape, and the number of elements that each declared.
  public func summaryRows() -> [(name: String, output: Shape, parameters: Int)] {
    let rest = parameters.entries.reduce(0) { $0 + $1.elementCount } - outline.reduce(0) { $0 + $1.parameters }
    let own = outline.isEmpty || rest > 0 ? [(layer.label, outputShape, rest)] : []
    return outline.map { ($0.path, $0.output, $0.parameters) } + own
  }
}
