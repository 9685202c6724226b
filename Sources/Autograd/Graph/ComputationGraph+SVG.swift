extension ComputationGraph {
  /// The graph as an SVG picture, from the leaves on the left to the result on the right: names with shapes, values
  /// below them, and derivatives (∂) below those.
  public var svg: String {
    let columns = columns()
    let place = places(columns)
    let (boxWidth, boxHeight) = (150, 62)
    let (columnWidth, rowHeight) = (200, 80)
    let width = columns.count * columnWidth
    let height = (columns.map(\.count).max() ?? 0) * rowHeight + 10
    func corner(_ node: Int) -> (x: Int, y: Int) {
      let (column, row) = place[node]
      let free = height - columns[column].count * rowHeight
      return (column * columnWidth + 20, free / 2 + row * rowHeight + 9)
    }
    var parts = ["<rect width=\"\(width)\" height=\"\(height)\" fill=\"#fff\"/>"]
    for (index, node) in nodes.enumerated() {
      let to = corner(index)
      for input in node.inputs {
        let from = corner(input)
        let (x1, y1, x2, y2) = (from.x + boxWidth, from.y + boxHeight / 2, to.x, to.y + boxHeight / 2)
        let bend = max(20, (x2 - x1) / 2)
        parts.append(
          "<path d=\"M\(x1) \(y1)C\(x1 + bend) \(y1) \(x2 - bend) \(y2) \(x2) \(y2)\" fill=\"none\" stroke=\"#888\"/>")
      }
    }
    for (index, node) in nodes.enumerated() {
      let at = corner(index)
      let (fill, round) =
        switch node.kind {
        case .leaf: ("#e3f1e3", boxHeight / 2)
        case .constant: ("#f4f4f4", boxHeight / 2)
        case .primitive: ("#e6eefa", 5)
        }
      parts.append(
        "<rect x=\"\(at.x)\" y=\"\(at.y)\" width=\"\(boxWidth)\" height=\"\(boxHeight)\" rx=\"\(round)\" fill=\"\(fill)\" "
          + "stroke=\"#888\"/>")
      for (line, text) in node.lines.enumerated() {
        let color = line > 0 && text.hasPrefix("∂") ? "#b8433f" : "#222"
        parts.append(
          "<text x=\"\(at.x + boxWidth / 2)\" y=\"\(at.y + 18 + 18 * line)\" font-size=\"12\" "
            + "font-family=\"sans-serif\" text-anchor=\"middle\" fill=\"\(color)\">\(Self.escaped(text))</text>")
      }
    }
    return
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(width) \(height)\" width=\"\(width)\" role=\"img\">\n"
      + parts.joined(separator: "\n") + "\n</svg>\n"
  }

  /// The nodes of each column. A node is to the right of all its operands; a node without operands is just left of its
  /// first use.
  private func columns() -> [[Int]] {
    var column = [Int](repeating: 0, count: nodes.count)
    for (index, node) in nodes.enumerated() { column[index] = (node.inputs.map { column[$0] + 1 }.max()) ?? 0 }
    var use = [Int](repeating: .max, count: nodes.count)
    for (index, node) in nodes.enumerated() { for input in node.inputs { use[input] = min(use[input], column[index]) } }
    for (index, node) in nodes.enumerated() where node.inputs.isEmpty && use[index] < .max {
      column[index] = use[index] - 1
    }
    var columns = [[Int]](repeating: [], count: (column.max() ?? 0) + 1)
    for index in nodes.indices { columns[column[index]].append(index) }
    return columns
  }

  /// Each node's column and row.
  private func places(_ columns: [[Int]]) -> [(column: Int, row: Int)] {
    var places = [(column: Int, row: Int)](repeating: (0, 0), count: nodes.count)
    for (column, members) in columns.enumerated() {
      for (row, index) in members.enumerated() { places[index] = (column, row) }
    }
    return places
  }

  private static func escaped(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
  }
}
