extension RunComparison {
  private static let colors = [
    "#3b76c4", "#b8433f", "#3f9a5b", "#d08a1d", "#8a5bb8", "#2fa3a3", "#8c6d4f", "#c45b9a", "#77822b", "#555555",
  ]

  /// A self-contained page: scores, verdicts, differences of the recipes, and the curves over each other.
  public func html() -> String {
    let names = scoreNames
    let scores = members.map { member in
      [member.letter, member.run.recipe.name, member.folder, "\(member.run.epochs)"]
        + names.map { score($0, of: member) }
    }
    let settings = differences.map { [$0.path] + $0.values.map { $0.map { String($0.prefix(80)) } ?? "" } }
    var sections = [
      HTML.section("Scores", HTML.scrolling(HTML.table(["", "recipe", "run", "epochs"] + names, scores))),
      verdicts.map(HTML.note).joined(separator: "\n"),
    ]
    if !settings.isEmpty {
      let table = HTML.table(["setting"] + members.map(\.letter), settings)
      sections.append(HTML.section("Differences", HTML.scrolling(table)))
    }
    let charts = curves()
    if !charts.isEmpty { sections.append(HTML.section("Curves", charts)) }
    return """
      <!DOCTYPE html>
      <html lang="en"><head><meta charset="utf-8"><title>Comparison of runs</title>
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <style>\(HTML.style)</style></head><body>
      <h1>Comparison of \(members.count) runs</h1>
      \(sections.joined(separator: "\n"))
      </body></html>

      """
  }

  /// A chart for each score, with a line for each run.
  private func curves() -> String {
    let names = Set(members.flatMap { $0.run.history.flatMap(\.values.keys) }).filter { $0.contains(".") }.sorted()
    return names.map { name in
      let lines = members.enumerated().map { index, member in
        // Epochs of all stages one after another.
        let points = member.run.history.enumerated().compactMap { epoch, record in
          record.values[name].map { (x: Double(epoch + 1), y: $0) }
        }
        return Chart.Line(
          name: member.letter, points: points.filter { $0.y.isFinite }, color: Self.colors[index % Self.colors.count])
      }
      guard lines.contains(where: { $0.points.count > 1 }) else { return "" }
      return Chart(title: name, lines: lines).svg()
    }.joined(separator: "\n")
  }
}
