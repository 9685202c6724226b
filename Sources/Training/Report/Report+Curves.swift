extension Report {
  /// For each stage and number a chart of all parts over the epochs.
  func curves() -> String? {
    var charts: [String] = []
    for stage in recipe.stages {
      let records = history.filter { $0.stage == stage.name }
      guard records.count > 1 else { continue }
      let columns = Set(records.flatMap(\.values.keys))
      for label in stage.measured {
        let lines = ["train", "validation", "test"].compactMap { part -> Chart.Line? in
          guard columns.contains("\(part).\(label)") else { return nil }
          let points = records.compactMap { record in
            record.values["\(part).\(label)"].map { (x: Double(record.epoch), y: $0) }
          }
          return Chart.Line(name: part, points: points.filter { $0.y.isFinite })
        }
        charts.append(Chart(title: recipe.stages.count > 1 ? "\(stage.name): \(label)" : label, lines: lines).svg())
      }
    }
    let note = HTML.note(
      "Training rows are measured in passing: before each update, with dropout where there is some, averaged over the "
        + "epoch. Other rows are measured at its end, and the table above measures the finished model.")
    return charts.isEmpty ? nil : HTML.section("Curves", charts.joined(separator: "\n") + note)
  }
}
