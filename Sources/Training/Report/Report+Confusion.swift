extension Report {
  /// The confusion matrix of the test rows (or, failing that, of validation or training rows), with each class's
  /// precision, recall and F1.
  func confusion() -> String? {
    guard let part = ["test", "validation", "train"].first(where: { scores[$0]?.confusion != nil }),
      let matrix = scores[part]?.confusion, matrix.classes <= 40
    else { return nil }
    let names = (0..<matrix.classes).map { label in
      guard let names = data.train.classNames, label < names.count else { return "\(label)" }
      return names[label]
    }
    var rows: [String] = []
    for (truth, counts) in matrix.counts.enumerated() {
      let total = max(1, counts.reduce(0, +))
      let cells = counts.enumerated().map { guess, count in
        let share = Double(count) / Double(total)
        let color = truth == guess ? "60,140,90" : "200,70,60"
        return "<td style=\"background:rgba(\(color),\((share * 0.7 * 100).rounded() / 100))\">\(count)</td>"
      }
      let scores = [matrix.precision(of: truth), matrix.recall(of: truth), matrix.f1(of: truth)]
      let numbers = scores.map { "<td>\($0.map { $0.fixed(3) } ?? "–")</td>" }
      rows.append("<tr><td>\(HTML.escaped(names[truth]))</td>\(cells.joined())\(numbers.joined())</tr>")
    }
    let head = (["true \\ predicted"] + names + ["precision", "recall", "F1"]).map { "<th>\(HTML.escaped($0))</th>" }
    let table = HTML.scrolling("<table><tr>\(head.joined())</tr>\n\(rows.joined(separator: "\n"))</table>")
    return HTML.section("Confusion matrix (\(part))", table)
  }
}
